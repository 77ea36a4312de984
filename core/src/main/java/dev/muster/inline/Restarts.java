package dev.muster.inline;

import dev.muster.Role;
import dev.muster.supervise.Backoff;
import java.util.ArrayDeque;
import java.util.Deque;

/// What the past lives of a slot say about the pause before the next, by the rules of [Backoff]: a growing delay while
/// deaths that finished no work follow each other, and quarantine when there are too many of them in a minute.
///
/// **Threads:** guarded by the owner's lock.
final class Restarts {
    private final Deque<Long> failedAt = new ArrayDeque<>();
    private int failures;
    private boolean quarantined;

    /// The end of a life.
    ///
    /// @param counts whether it was no order, and it had finished no work
    /// @param worked nanoseconds since it was ready
    /// @param uptime nanoseconds since it was started
    /// @return the pause before the next life, in nanoseconds
    long ended(Role role, boolean counts, long worked, long uptime, long now, double random) {
        if (worked >= Backoff.REFORMED || (worked >= Backoff.FORGOTTEN && !quarantined)) {
            failures = 0;
            quarantined = false;
            failedAt.clear();
        }
        if (!counts) {
            return 0;
        }
        failures++;
        failedAt.removeIf(at -> now - at >= Backoff.PERIOD);
        failedAt.add(now);
        quarantined |= failedAt.size() >= Backoff.INTENSITY;
        if (quarantined) {
            return Backoff.quarantine(random);
        }
        return failures == 1 && uptime >= Backoff.SETTLED ? 0 : Backoff.delay(role, failures, random);
    }

    /// Counted deaths in a row.
    int failures() {
        return failures;
    }

    boolean quarantined() {
        return quarantined;
    }
}
