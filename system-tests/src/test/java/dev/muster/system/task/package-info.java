/// Faults of workers, and what becomes of their tasks.
@NullMarked
package dev.muster.system.task;

import org.jspecify.annotations.NullMarked;
