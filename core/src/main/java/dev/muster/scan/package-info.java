/// Finds the declarations of an application in its class files, without loading one of its classes, checks them, and
/// applies the configuration: the process map. Knows the names of the annotations, not what becomes of them.
///
/// Start reading at [ProcessMap] and [Scanner].
@NullMarked
package dev.muster.scan;

import org.jspecify.annotations.NullMarked;
