package dev.muster.task;

import dev.muster.task.Broker.NewTask;
import java.time.Duration;

/// What may be said of a task that is enqueued: checked where it is said, and where a store is given it.
final class TaskLimits {
    private static final int MAX_DAYS = 3660;
    private static final int LONGEST_KEY = 200;

    private TaskLimits() {}

    static Duration delay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(Duration.ofDays(MAX_DAYS)) > 0) {
            throw new IllegalArgumentException("a task can be delayed by 0 to " + MAX_DAYS + " days, not by " + delay);
        }
        return delay;
    }

    static int priority(int priority) {
        if (priority < -NewTask.MAX_PRIORITY || priority > NewTask.MAX_PRIORITY) {
            throw new IllegalArgumentException("the priority of a task is " + -NewTask.MAX_PRIORITY + " to "
                    + NewTask.MAX_PRIORITY + " (the highest), not " + priority);
        }
        return priority;
    }

    /// @param key empty for none
    static String unique(String key) {
        if (key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "a unique key has at most " + LONGEST_KEY + " characters, this one has " + key.length());
        }
        return key;
    }
}
