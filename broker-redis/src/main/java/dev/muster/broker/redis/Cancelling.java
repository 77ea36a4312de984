package dev.muster.broker.redis;

import dev.muster.task.DeadReason;
import dev.muster.task.TaskHistory;

/// What is said of tasks that somebody cancelled.
final class Cancelling {
    /// The detail of one that waited.
    static final String WAITING = "it was cancelled before it was claimed";

    /// The detail of one that was claimed.
    static final String RUNNING = "it was cancelled while a worker had it";

    private Cancelling() {}

    /// A line for its history.
    static String line() {
        return TaskHistory.line(System.currentTimeMillis(), "it was cancelled, dead: " + DeadReason.CANCELLED);
    }
}
