package dev.muster.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/// A cron expression in a time zone. Two kinds, which differ where the clocks of the zone are changed:
///
/// - One that means **every hour** follows the elapsed time: it happens whenever the clock on the wall shows a time
///   that it means, so twice at a time that the clock shows twice, and not at one that the clock leaves out.
/// - Every other one names **times of the day**, each of which comes once a day: at the first of two, and at the
///   first instant after a gap that swallowed it. Several that a gap swallows are one.
record ZonedCron(Cron cron, ZoneRules rules) implements Recurrence {
    @Override
    public Instant next(Instant after) {
        return cron.everyHour() ? nextElapsed(after) : nextNamed(after);
    }

    /// The offset is constant between two changes of the clocks: looks through such stretches one after the other.
    private Instant nextElapsed(Instant after) {
        Instant from = Instant.ofEpochSecond(after.getEpochSecond() + 1);
        while (true) {
            ZoneOffset offset = rules.getOffset(from);
            @Nullable ZoneOffsetTransition change = rules.nextTransition(from);
            @Nullable LocalDateTime local = cron.nextOrSame(LocalDateTime.ofInstant(from, offset));
            if (local == null) {
                return Instant.MAX;
            }
            Instant next = local.toInstant(offset);
            if (change == null || next.isBefore(change.getInstant())) {
                return next;
            }
            from = change.getInstant();
        }
    }

    /// Local times and the instants that they stand for have the same order, so the first local time whose instant
    /// lies behind is the one.
    private Instant nextNamed(Instant after) {
        LocalDateTime from = LocalDateTime.ofInstant(after, rules.getOffset(after));
        while (true) {
            @Nullable LocalDateTime local = cron.nextOrSame(from);
            if (local == null) {
                return Instant.MAX;
            }
            Instant instant = instant(local);
            if (instant.isAfter(after)) {
                return instant;
            }
            from = local.plusSeconds(1);
        }
    }

    private Instant instant(LocalDateTime local) {
        @Nullable ZoneOffsetTransition change = rules.getTransition(local);
        if (change != null && change.isGap()) {
            return change.getInstant();
        }
        // Of two offsets the earlier one, which is the first.
        return local.toInstant(rules.getOffset(local));
    }
}
