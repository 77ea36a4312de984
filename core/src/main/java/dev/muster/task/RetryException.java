package dev.muster.task;

/// Thrown by a task to say that this attempt failed for a reason that may pass. It comes again while it has attempts
/// left and ends as a dead letter after the last one. Unlike other exceptions it is not logged with its stack.
public final class RetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message why, for the history of the task
    public RetryException(String message) {
        super(message);
    }

    /// @param message why, for the history of the task
    /// @param cause what lies behind it
    public RetryException(String message, Throwable cause) {
        super(message, cause);
    }
}
