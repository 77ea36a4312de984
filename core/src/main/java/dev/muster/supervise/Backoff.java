package dev.muster.supervise;

import dev.muster.Role;
import java.time.Duration;

/// The delays before a slot is filled again after a death that counts. Pure functions.
final class Backoff {
    static final long BASE = Duration.ofMillis(100).toNanos();
    static final long CAP = Duration.ofSeconds(30).toNanos();
    /// Workers with a queue behind them come back sooner: tasks that are poison have a budget of their own, and
    /// clients wait for the port.
    static final long CAP_WORKERS = Duration.ofSeconds(1).toNanos();

    static final long QUARANTINE = Duration.ofSeconds(30).toNanos();
    static final long QUARANTINE_SHORTEST = QUARANTINE / 2;

    /// An unexpected end after this uptime costs no delay the first time.
    static final long SETTLED = Duration.ofSeconds(10).toNanos();
    /// After this time in work the count begins anew.
    static final long FORGOTTEN = Duration.ofSeconds(60).toNanos();
    /// Deaths that count within [#PERIOD] lead to quarantine from this number on.
    static final int INTENSITY = 5;

    static final long PERIOD = Duration.ofSeconds(60).toNanos();
    /// A process that has worked so long ends the quarantine of its slot.
    static final long REFORMED = Duration.ofMinutes(3).toNanos();

    private Backoff() {}

    /// The delay before the spawn that follows the nth counted death in a row.
    ///
    /// @param failures counted deaths in a row, from 1
    /// @param random uniformly from 0 (inclusive) to 1 (exclusive)
    static long delay(Role role, int failures, double random) {
        long cap = role == Role.WEB || role == Role.TASK || role == Role.POOL ? CAP_WORKERS : CAP;
        long full = BASE << Math.min(failures - 1, 20);
        return jitter(Math.min(cap, full), random);
    }

    static long quarantine(double random) {
        return jitter(QUARANTINE, random);
    }

    /// Between half and the whole.
    private static long jitter(long full, double random) {
        return full / 2 + (long) (full / 2.0 * random);
    }
}
