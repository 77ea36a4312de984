/// The master: which processes should live, the pure transitions that decide, and the loop that performs their
/// effects. Never sees the worker side.
@NullMarked
package dev.muster.supervise;

import org.jspecify.annotations.NullMarked;
