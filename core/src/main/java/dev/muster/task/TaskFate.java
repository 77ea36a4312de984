package dev.muster.task;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What becomes of a task whose worker died. Pure: every broker decides the same.
public sealed interface TaskFate {
    /// So many crashes within [#CRASH_WINDOW] end a task.
    int CRASH_BUDGET = 3;

    /// In milliseconds: 72 hours.
    long CRASH_WINDOW = TimeUnit.HOURS.toMillis(72);

    /// It goes back to its place and has spent nothing.
    record Untouched() implements TaskFate {}

    /// It goes to the tail.
    ///
    /// @param crashes that it has spent now
    /// @param crashTimes when those that count were, in milliseconds since 1970, separated by commas; null for
    ///     never
    /// @param alone whether it must be the only started task of its process next
    /// @param line for its history
    record Tail(int crashes, @Nullable String crashTimes, boolean alone, String line) implements TaskFate {}

    /// It has spent an attempt and comes again.
    ///
    /// @param payload its message then
    /// @param line for its history
    record Again(String payload, Duration delay, String line) implements TaskFate {}

    /// It becomes a dead letter.
    ///
    /// @param crashes that it has spent
    record Buried(DeadReason reason, String detail, int crashes) implements TaskFate {
        /// What is said of it in its history.
        public String line() {
            return TaskHistory.dead("its worker died", reason, detail);
        }
    }

    /// Decides.
    ///
    /// @param claim the task as its worker had it
    /// @param crashTimes as in [Tail]
    /// @param severalStarted whether its worker was running several when it died
    /// @param now milliseconds since 1970
    static TaskFate of(
            Claim claim, @Nullable String crashTimes, DeadWorker dead, Terms terms, boolean severalStarted, long now) {
        return new LostAttempt(claim, crashTimes, dead, terms, severalStarted, now).fate();
    }
}
