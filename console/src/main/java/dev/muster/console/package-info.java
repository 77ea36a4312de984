/// The command line: one small class for each verb of `muster`. Talks to a running master over its control socket,
/// reads the run directory and the queue by itself where that must work with the application down, and starts masters.
///
/// Knows no supervision: what a verb reports is what the master answered. Start reading at [Main].
@NullMarked
package dev.muster.console;

import org.jspecify.annotations.NullMarked;
