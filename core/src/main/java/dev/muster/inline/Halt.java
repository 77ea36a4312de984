package dev.muster.inline;

import java.util.concurrent.TimeUnit;

/// Forgives the time in which the whole JVM was halted, by a debugger, a suspended machine or a long collection: nobody
/// could work then, so nobody is late because of it.
///
/// **Threads:** one.
final class Halt {
    /// A look that comes so much later than the one before was halted.
    private static final long NOTICED = TimeUnit.SECONDS.toNanos(1);

    private long lookedAt;
    private long until;
    private long lasted;

    Halt(long now) {
        lookedAt = now;
        until = now;
    }

    /// The supervision looks at its limits, as it does all the time.
    void looked(long now) {
        if (now - lookedAt > NOTICED) {
            lasted = now - lookedAt;
            until = now;
        }
        lookedAt = now;
    }

    /// Whether a limit is over; one that passed within the last halt is prolonged by its length.
    boolean over(long limit, long now) {
        return now - (limit - until <= 0 ? limit + lasted : limit) >= 0;
    }
}
