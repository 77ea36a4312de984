/// A short slice of `muster chaos`.
@NullMarked
package dev.muster.system.chaos;

import org.jspecify.annotations.NullMarked;
