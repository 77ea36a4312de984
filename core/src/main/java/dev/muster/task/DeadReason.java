package dev.muster.task;

/// Why a task ended as a dead letter, in words that are counted and shown.
public enum DeadReason {
    /// The message is not JSON, or not a JSON object, or lacks what names a task.
    MALFORMED,
    /// The message is larger than the limit.
    TOO_LARGE,
    /// The message names a class that the application does not have, or that has no tasks.
    UNKNOWN_CLASS,
    /// The class has no such method.
    UNKNOWN_METHOD,
    /// The method exists but is not a task.
    NOT_A_TASK,
    /// The message names a task name that nobody declared.
    UNKNOWN_TASK,
    /// The parameters do not fit the method.
    BAD_PARAMETERS,
    /// It threw an exception on its last attempt, or one that ends it whatever attempts it has left.
    FAILED,
    /// It threw [RetryException] on its last attempt, or its hook asked for another one.
    RETRIES_SPENT,
    /// As FAILED, after it had been interrupted at its soft limit.
    SOFT_LIMIT,
    /// It ran longer than its limit on its last attempt, and was killed with its process.
    DEADLINE,
    /// Its worker died while it ran, once too often.
    CRASHED,
    /// A hand-written hook buried it.
    BURIED,
    /// Its message said until when it was worth doing, or its retry rule for how long, and that was over before it
    /// could start.
    EXPIRED,
    /// Somebody cancelled it.
    CANCELLED;

    /// Whether a task that ends for it has spent one more attempt: it was run, and failed.
    public boolean spendsAttempt() {
        return switch (this) {
            case FAILED, RETRIES_SPENT, SOFT_LIMIT, DEADLINE, BURIED -> true;
            case MALFORMED,
                    TOO_LARGE,
                    UNKNOWN_CLASS,
                    UNKNOWN_METHOD,
                    NOT_A_TASK,
                    UNKNOWN_TASK,
                    BAD_PARAMETERS,
                    CRASHED,
                    EXPIRED,
                    CANCELLED -> false;
        };
    }
}
