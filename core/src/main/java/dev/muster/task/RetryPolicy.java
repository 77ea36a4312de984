package dev.muster.task;

import java.time.Duration;

/// How long a failed task waits before its next attempt: exponential with full jitter, so that tasks that failed
/// together do not come back together.
///
/// @param base longest wait before the second attempt
/// @param factor by which the longest wait grows with each attempt
/// @param cap above which it does not grow
record RetryPolicy(Duration base, double factor, Duration cap) {
    /// 200 ms, doubling, at most 30 s.
    static final RetryPolicy DEFAULT = new RetryPolicy(Duration.ofMillis(200), 2, Duration.ofSeconds(30));

    RetryPolicy {
        if (base.isNegative() || cap.compareTo(base) < 0 || !(factor >= 1 && factor <= 100)) {
            throw new IllegalArgumentException("retry delays need 0 <= base <= cap and a factor of 1 to 100, got base "
                    + base + ", cap " + cap + ", factor " + factor);
        }
    }

    /// The wait after an attempt.
    ///
    /// @param attempt the attempt that failed, from 1
    /// @param random 0 (no wait) to 1 (the longest)
    Duration delay(int attempt, double random) {
        double longest = base.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
        double capped = Math.min(longest, cap.toMillis());
        return Duration.ofMillis(Math.round(capped * Math.clamp(random, 0.0, 1.0)));
    }
}
