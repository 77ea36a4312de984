package dev.muster.worker;

import org.jspecify.annotations.Nullable;

/// What this process has printed and logged but perhaps not yet written.
///
/// The logging library registers itself here when it starts, so that a process without one, or that never logged, does
/// not load it only to end.
final class Output {
    private static volatile @Nullable Runnable logging;

    private Output() {}

    /// How to flush and end the logging library.
    static void loggingEndsBy(Runnable stop) {
        logging = stop;
    }

    /// Writes everything out; logging is over afterwards.
    static void flush() {
        Runnable stop = logging;
        if (stop != null) {
            stop.run();
        }
        System.out.flush();
        System.err.flush();
    }
}
