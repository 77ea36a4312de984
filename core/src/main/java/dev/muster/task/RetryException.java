package dev.muster.task;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Thrown by a task to say that this attempt failed for a reason that may pass. It comes again while it has attempts
/// left and ends as a dead letter after the last one. Unlike other exceptions it is not logged with its stack, and no
/// rule of [Retry] for exceptions applies to it.
public final class RetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration delay;

    /// @param message why, for the history of the task
    public RetryException(String message) {
        super(message);
        delay = null;
    }

    /// @param message why, for the history of the task
    /// @param cause what lies behind it
    public RetryException(String message, Throwable cause) {
        super(message, cause);
        delay = null;
    }

    /// @param message why, for the history of the task
    /// @param delay until it comes again, 0 to 3660 days, instead of the usual one
    /// @throws IllegalArgumentException if the delay is not legal
    public RetryException(String message, Duration delay) {
        super(message);
        this.delay = legal(delay);
    }

    /// @param message why, for the history of the task
    /// @param delay until it comes again, 0 to 3660 days, instead of the usual one
    /// @param cause what lies behind it
    /// @throws IllegalArgumentException if the delay is not legal
    public RetryException(String message, Duration delay, Throwable cause) {
        super(message, cause);
        this.delay = legal(delay);
    }

    /// Until it comes again; empty for the usual delay.
    public Optional<Duration> delay() {
        return Optional.ofNullable(delay);
    }

    /// The delay itself.
    ///
    /// @throws IllegalArgumentException if no store could keep a task back for so long
    static Duration legal(Duration delay) {
        if (delay.isNegative() || delay.toDays() > 3660) {
            throw new IllegalArgumentException("a task can be delayed by 0 to 3660 days, not by " + delay);
        }
        return delay;
    }
}
