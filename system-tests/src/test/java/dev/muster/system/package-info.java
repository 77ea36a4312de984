/// Whole applications: real masters, real children, real faults. One scenario a class; `process` for user processes,
/// `task` for workers and the queue, `master`, `start` and `log`; the applications themselves are in `apps`.
@NullMarked
package dev.muster.system;

import org.jspecify.annotations.NullMarked;
