/// The programs behind the figures in `benchmarks/README.md`. Each measures the whole system from outside: the command
/// line starts the application, and what is measured happens between real processes on the distribution's jars.
///
/// Start reading at [KillToRerun]; [MeasuredApp] is what runs in the processes.
@NullMarked
package dev.muster.benchmarks;

import org.jspecify.annotations.NullMarked;
