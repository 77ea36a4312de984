/// Faults of user processes.
@NullMarked
package dev.muster.system.process;

import org.jspecify.annotations.NullMarked;
