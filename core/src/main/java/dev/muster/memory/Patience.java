package dev.muster.memory;

import java.util.concurrent.locks.LockSupport;

/// How long to wait for somebody who holds something for the length of a few stores: first spinning, then in
/// pauses. Most often nothing of it is needed. The holder may be dead, or stopped by a debugger, an
/// overloaded machine or SIGSTOP.
///
/// Time is counted in pauses that this thread has slept through and not read from a clock, so that a process which was
/// itself stopped does not conclude that the other one took too long.
///
/// **Threads:** one. A virtual thread parks and holds no carrier.
final class Patience {
    /// Some ten microseconds: longer than anything takes for which these locks are held.
    private static final int SPINS = 256;

    private static final long PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;
    private static final int PAUSES_BETWEEN_LOOKS = 8;
    /// Half a minute or more.
    private static final int PAUSES = 30_000;

    private int turns;
    private int pauses;

    /// Waits a little.
    ///
    /// @return true from time to time: look whether the holder is dead
    boolean pause() {
        turns++;
        if (turns <= SPINS) {
            Thread.onSpinWait();
            return false;
        }
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(Math.min(PAUSE_NANOS << Math.min(pauses, 4), LONGEST_PAUSE_NANOS));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        pauses++;
        return pauses % PAUSES_BETWEEN_LOOKS == 1;
    }

    /// Whether all patience is spent.
    boolean spent() {
        return pauses > PAUSES;
    }
}
