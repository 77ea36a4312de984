package dev.muster.message;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Which thread runs the rounds of a [PostLoop]: its own one, or one that waits for what a round brings (leader and
/// followers: Schmidt and others, 2000). Who waits and runs the rounds itself has its answer without being woken by
/// another thread, which costs more than the answer itself.
///
/// A helper that leaves usually comes back at once, with the next question. So the loop's own thread takes over only
/// when there was none for a millisecond, and dozes meanwhile instead of being woken each time: for so long may what
/// comes from outside wait at most. Where others wait who cannot help, it takes over at once.
///
/// **Threads:** one own thread; helpers are platform threads that are not in a round already, one at a time.
/// **Failure:** a helper that never leaves runs rounds for ever, which is all the same.
final class Lead {
    private static final long DOZE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /// A helper that stays for so long waits for something slow: the own thread sleeps until it leaves.
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Rounds rounds;
    private final Thread own;
    private final ReentrantLock turn = new ReentrantLock();
    /// Somebody helps, or is about to.
    private final AtomicBoolean helped = new AtomicBoolean();
    /// Who waits for something without helping.
    private final AtomicInteger watchers = new AtomicInteger();
    private volatile boolean leading;
    private volatile boolean asleep;
    private volatile long changed = System.nanoTime();

    /// What is to be run.
    interface Rounds {
        /// One round: waits until something happens, or for this time.
        ///
        /// @return false if there are no more
        boolean round(long nanos);

        /// Ends the waiting of the present or the next round.
        void interrupt();
    }

    /// @param own the thread that calls [#run]
    Lead(Rounds rounds, Thread own) {
        this.rounds = rounds;
        this.own = own;
    }

    /// Whether the present thread is in a round.
    boolean here() {
        return turn.isHeldByCurrentThread();
    }

    /// Runs rounds whenever nobody else does, until there are no more.
    void run() {
        boolean more = true;
        while (more) {
            if (turn.tryLock()) {
                leading = true;
                try {
                    while (more && !helped.get()) {
                        more = rounds.round(Long.MAX_VALUE);
                    }
                } finally {
                    leading = false;
                    turn.unlock();
                }
            }
            if (more) {
                doze();
            }
        }
    }

    /// Until nobody helps, and nobody has for a moment.
    private void doze() {
        while (true) {
            long since = System.nanoTime() - changed;
            if (!helped.get()) {
                if (since >= DOZE_NANOS || watchers.get() > 0) {
                    return;
                }
                LockSupport.parkNanos(DOZE_NANOS - since);
            } else if (since < QUIET_NANOS) {
                LockSupport.parkNanos(DOZE_NANOS);
            } else {
                asleep = true;
                if (helped.get()) {
                    LockSupport.park();
                }
                asleep = false;
            }
        }
    }

    /// Runs rounds on the calling thread until what it waits for is there.
    ///
    /// @param nanos how long at most
    /// @return whether it is there; if not, the caller must wait in another way: its time is over, or it cannot
    ///     help
    boolean help(BooleanSupplier there, long nanos) {
        if (there.getAsBoolean()) {
            return true;
        }
        Thread caller = Thread.currentThread();
        // A virtual thread would keep its carrier, and whoever is interrupted could not sleep.
        if (caller.isVirtual() || caller.isInterrupted() || here() || helped.getAndSet(true)) {
            return false;
        }
        try {
            if (!turn.tryLock()) {
                rounds.interrupt();
                turn.lock();
            }
            try {
                return helping(there, nanos, caller);
            } finally {
                turn.unlock();
            }
        } finally {
            changed = System.nanoTime();
            helped.set(false);
            if (asleep || watchers.get() > 0) {
                LockSupport.unpark(own);
            }
        }
    }

    private boolean helping(BooleanSupplier there, long nanos, Thread caller) {
        long since = System.nanoTime();
        changed = since;
        while (!there.getAsBoolean()) {
            long left = nanos - (System.nanoTime() - since);
            if (left <= 0 || caller.isInterrupted() || !rounds.round(left)) {
                return there.getAsBoolean();
            }
        }
        return true;
    }

    /// Somebody begins to wait without helping.
    void watches() {
        int _ = watchers.incrementAndGet();
        if (!leading && !helped.get()) {
            LockSupport.unpark(own);
        }
    }

    /// The end of [#watches].
    void watched() {
        int _ = watchers.decrementAndGet();
    }
}
