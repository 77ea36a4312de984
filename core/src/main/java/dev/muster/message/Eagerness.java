package dev.muster.message;

import java.util.concurrent.TimeUnit;

/// Whether somebody who waits looks again and again for a moment before going to sleep. To sleep and to be woken takes
/// longer than a quick answer; so whoever was answered quickly the last time stays awake for the next one, for 50 µs at
/// most, and lets others run in between. Who waits for something slow sleeps at once.
///
/// ```java
/// long since = eagerness.begin();
/// while (nothing is there) {
///     if (!eagerness.looksAgain(since)) {
///         sleep until something is there;
///         eagerness.slept(since);
///     }
/// }
/// ```
///
/// Only where two threads pass something to and fro: with more of them on few processors, those who look on keep the
/// processor from those who have something to do (immediate tasks became slower by a third).
///
/// **Threads:** any.
final class Eagerness {
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    /// What a quick answer takes when both sides have to be woken.
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(80);

    private volatile boolean eager;

    /// @return the instant at which a wait begins
    long begin() {
        return System.nanoTime();
    }

    /// Whether to look again; lets other threads run before it says so.
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it makes room for who is to answer
    boolean looksAgain(long since) {
        if (!eager || System.nanoTime() - since >= LOOK_NANOS) {
            return false;
        }
        Thread.yield();
        return true;
    }

    /// A wait has ended with a sleep.
    void slept(long since) {
        eager = System.nanoTime() - since < QUICK_NANOS;
    }
}
