package dev.muster.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The instants at which something recurs. They depend on nothing but what is written down, so that all nodes agree on
/// them; each is a whole second.
///
/// **Threads:** immutable.
public sealed interface Recurrence permits Every, ZonedCron {
    /// The shortest and the longest interval, in milliseconds: 1 second and 365 days.
    long MIN_EVERY = 1_000;

    long MAX_EVERY = 365L * 24 * 3_600_000;

    /// The first instant after this one; [Instant#MAX] if there is none within 50 years.
    Instant next(Instant after);

    /// What a cron expression means in a time zone.
    ///
    /// @throws IllegalArgumentException what is wrong with one of them, and what is legal
    static Recurrence cron(String expression, String zone) {
        return new ZonedCron(Cron.parse(expression), zone(zone).getRules());
    }

    /// The multiples of an interval since 1970-01-01T00:00:00Z.
    ///
    /// @param millis whole seconds, from [#MIN_EVERY] to [#MAX_EVERY]
    /// @throws IllegalArgumentException if it is not legal
    static Recurrence every(long millis) {
        return new Every(millis);
    }

    /// A time zone by its name; empty for UTC.
    ///
    /// @throws IllegalArgumentException if there is none
    static ZoneId zone(String name) {
        try {
            return name.isEmpty() ? ZoneId.of("UTC") : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "there is no time zone '" + name + "'; legal are names such as Europe/Berlin or UTC", e);
        }
    }

    /// The latest instants after `after` and not after `until`, oldest first.
    ///
    /// @param max how many at most
    default List<Instant> latest(Instant after, Instant until, int max) {
        // Looks back over a growing span, so that years without a run cost no more than days.
        for (long span = 1; ; span *= 4) {
            Instant from = until.minusSeconds(span);
            boolean whole = !from.isAfter(after);
            Deque<Instant> found = new ArrayDeque<>();
            for (Instant next = next(whole ? after : from); !next.isAfter(until); next = next(next)) {
                if (found.size() == max) {
                    found.removeFirst();
                }
                found.addLast(next);
            }
            if (whole || found.size() == max) {
                return List.copyOf(found);
            }
        }
    }
}
