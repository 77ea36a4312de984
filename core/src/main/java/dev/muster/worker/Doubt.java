package dev.muster.worker;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Whether the store may hold claims of this worker that it knows nothing of: since a call failed whose answer was
/// lost, and for as long as the network may still deliver the call itself. A connection that is given up while its link
/// is down sends what it had taken for about a minute more, and the store does it when it arrives, although later calls
/// over other connections have long been answered.
///
/// **Threads:** safe for use by many threads.
final class Doubt {
    private static final long LASTS = TimeUnit.MINUTES.toNanos(2);
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier clock;
    // All guarded by this.
    private boolean stands;
    private boolean looked;
    private long since;
    private long lookedAt;

    /// @param clock as `System.nanoTime`
    Doubt(LongSupplier clock) {
        this.clock = clock;
    }

    /// A call has failed.
    synchronized void begins() {
        stands = true;
        looked = false;
        since = clock.getAsLong();
    }

    /// Whether it is time to look what the store holds. To be followed by [#begins] if that fails.
    synchronized boolean wantsLook() {
        long now = clock.getAsLong();
        if (!stands || looked && now - lookedAt < BETWEEN_LOOKS) {
            return false;
        }
        looked = true;
        lookedAt = now;
        // The last look comes after the time is over.
        stands = now - since < LASTS;
        return true;
    }

    /// Whether something may be there that nobody has looked for, or that may still come.
    synchronized boolean stands() {
        return stands;
    }
}
