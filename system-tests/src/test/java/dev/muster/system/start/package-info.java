/// Starts that fail, and what is said then.
@NullMarked
package dev.muster.system.start;

import org.jspecify.annotations.NullMarked;
