package dev.muster.task;

import dev.muster.scan.RetryRule;
import dev.muster.scan.RetryRule.Then;
import java.time.Duration;

/// What a [RetryRule] means for an attempt that failed. Pure.
///
/// @param rule without open times
record RetryPolicy(RetryRule rule) {
    RetryPolicy {
        if (rule.base() == RetryRule.UNSET || rule.cap() == RetryRule.UNSET) {
            throw new IllegalArgumentException("a retry rule with open times decides nothing: " + rule);
        }
    }

    /// The wait after an attempt: of fixed ones as it stands, else a random part of the longest one, so that tasks
    /// that failed together do not come back together.
    ///
    /// @param attempt the attempt that failed, from 1
    /// @param random 0 (no wait) to 1 (the longest)
    Duration delay(int attempt, double random) {
        int last = Math.max(0, attempt - 1);
        if (!rule.delays().isEmpty()) {
            return Duration.ofMillis(
                    rule.delays().get(Math.min(last, rule.delays().size() - 1)));
        }
        double longest = rule.base() * Math.pow(rule.factor(), last);
        double capped = Math.min(longest, rule.cap());
        return Duration.ofMillis(Math.round(capped * Math.clamp(random, 0.0, 1.0)));
    }

    /// What becomes of a task that throws this: as it is said of the nearest of its superclasses.
    Then then(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            Then then = rule.exceptions().get(type.getName());
            if (then != null) {
                return then;
            }
        }
        return Then.RETRY;
    }

    /// Whether an attempt that begins then is too late.
    ///
    /// @param first when the first attempt began, in milliseconds since 1970
    /// @param next when the next one would begin
    boolean tooLate(long first, long next) {
        return rule.within() > 0 && next - first > rule.within();
    }
}
