package dev.muster.task;

import java.time.Duration;

/// Thrown by a task to say that it is not time yet: it comes again after the delay and has spent nothing, no attempt
/// and no crash. It may do so as often as it likes; what it waits for is its own affair.
public final class SnoozeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /// @param delay until it comes again, 0 to 3660 days
    /// @throws IllegalArgumentException if the delay is not legal
    public SnoozeException(Duration delay) {
        this(delay, "");
    }

    /// @param delay until it comes again, 0 to 3660 days
    /// @param why for the history of the task
    /// @throws IllegalArgumentException if the delay is not legal
    public SnoozeException(Duration delay, String why) {
        super(why);
        this.delay = RetryException.legal(delay);
    }

    /// Until it comes again.
    public Duration delay() {
        return delay;
    }
}
