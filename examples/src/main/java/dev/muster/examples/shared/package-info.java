/// What the examples with databases have in common: the configuration, and what it names.
///
/// Start reading at [Configuration].
@NullMarked
package dev.muster.examples.shared;

import org.jspecify.annotations.NullMarked;
