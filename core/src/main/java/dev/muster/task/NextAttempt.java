package dev.muster.task;

import dev.muster.config.Durations;
import dev.muster.task.Broker.Claim;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What follows when an attempt has failed and nothing is said about its exception. Pure.
///
/// @param message that is put back, null if there is no next attempt
/// @param delay before it
/// @param end why there is none, for people; empty if there is one
record NextAttempt(@Nullable String message, Duration delay, String end) {
    /// An attempt that failed.
    ///
    /// @param left executions that were left before it, it included
    /// @param began when it began, in milliseconds since 1970
    /// @param failed when it failed
    /// @param random of the jitter, 0 to 1
    record Failed(Claim claim, TaskMessage message, int left, long began, long failed, double random) {}

    /// @param asked the delay that the failure asked for, null for the usual one
    static NextAttempt after(Failed failure, RetryPolicy policy, @Nullable Duration asked) {
        if (failure.left <= 1) {
            return new NextAttempt(null, Duration.ZERO, "it has no attempt left");
        }
        Claim claim = failure.claim;
        Duration delay = asked != null ? asked : policy.delay(claim.attempts() + 1, failure.random);
        long first = claim.firstAttemptAt() == 0 ? failure.began : claim.firstAttemptAt();
        if (policy.tooLate(first, failure.failed + delay.toMillis())) {
            return new NextAttempt(
                    null,
                    Duration.ZERO,
                    "the next attempt would begin later than "
                            + Durations.text(policy.rule().within()) + " after the first");
        }
        return new NextAttempt(failure.message.again(), delay, "");
    }
}
