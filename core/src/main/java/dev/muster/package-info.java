/// What most applications import: annotations, the interfaces that user code meets, small values, and [Muster] with its
/// `run`. This package knows nobody below it; the runtime finds its way back through [Launcher] and [InstanceFactory].
///
/// Start reading at [Muster], then [UserProcess] and [Pool].
@NullMarked
package dev.muster;

import org.jspecify.annotations.NullMarked;
