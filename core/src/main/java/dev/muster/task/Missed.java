package dev.muster.task;

import dev.muster.schedule.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What becomes of the instants of a schedule at which nobody served it, because no worker lived or the store was down.
public enum Missed {
    /// They are skipped: it goes on with the next instant. One that is at most [#LATE] old still counts as on time.
    SKIP,

    /// One run makes up for all of them, at once: that of the latest.
    ONCE,

    /// Each of the latest [#MOST] is made up for, at once, the oldest first.
    ALL;

    /// How late an instant may be served and still be on time.
    public static final Duration LATE = Duration.ofSeconds(30);

    /// How many instants are made up for at most.
    public static final int MOST = 100;

    /// The instants that are to be served now, oldest first.
    ///
    /// @param served the last instant that was served, or from when on instants count if none was
    List<Instant> due(Recurrence recurrence, Instant served, Instant now) {
        List<Instant> due = recurrence.latest(served, now, this == ALL ? MOST : 1);
        boolean skipped = this == SKIP && !due.isEmpty() && due.getFirst().isBefore(now.minus(LATE));
        return skipped ? List.of() : due;
    }
}
