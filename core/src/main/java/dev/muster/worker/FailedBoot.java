package dev.muster.worker;

import dev.muster.ExitReason;

/// What becomes of a process that could not get ready.
final class FailedBoot {
    /// The exit code of a process that could not get ready.
    static final int CODE = 65;

    private FailedBoot() {}

    /// Shows the failure and ends the process. Does not return.
    static void leave(WayOut departure, Throwable failure) {
        if (failure instanceof OutOfMemoryError memory) {
            UncaughtFailures.leave(departure, memory);
        }
        failure.printStackTrace(System.err);
        departure.leave(ExitReason.BOOT_FAIL, describe(failure), false, CODE);
    }

    /// Class and message in one line. User code writes messages: asking for one may throw.
    static String describe(Throwable failure) {
        try {
            String message = failure.getMessage();
            String name = failure.getClass().getName();
            return message == null || message.isEmpty() ? name : name + ": " + message;
        } catch (RuntimeException | StackOverflowError _) {
            return failure.getClass().getName();
        }
    }
}
