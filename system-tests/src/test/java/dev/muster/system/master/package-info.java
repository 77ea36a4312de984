/// Faults of the master, and of what surrounds it.
@NullMarked
package dev.muster.system.master;

import org.jspecify.annotations.NullMarked;
