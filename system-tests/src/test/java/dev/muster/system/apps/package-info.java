/// The applications of the scenarios. Each is packed into a jar of its own, so that one does not find the declarations
/// of another.
@NullMarked
package dev.muster.system.apps;

import org.jspecify.annotations.NullMarked;
