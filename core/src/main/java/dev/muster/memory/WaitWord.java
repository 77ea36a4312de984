package dev.muster.memory;

import dev.muster.os.Futex;
import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Sleeping until another process changes something: two words of a region, a flag that somebody sleeps and a count of
/// wake-ups, which is a futex.
///
/// Who waits reads the count, raises the flag, looks once more at what it waits for, and sleeps while the count is the
/// one that it read. Who changes something does so first, and then wakes, which costs one load as long as nobody
/// sleeps. A process that dies between lowering the flag and waking has woken nobody: therefore nobody sleeps longer
/// than [#LONGEST] without looking for itself.
///
/// **Threads:** any. A platform thread sleeps in the kernel. Virtual threads park, and one platform thread of the
/// process sleeps for all of them. **Lifetime:** that of the region.
final class WaitWord {
    /// The length of the two words.
    static final int LENGTH = 2 * Integer.BYTES;

    /// How long a sleep is at most.
    static final Duration LONGEST = Duration.ofMillis(100);

    private static final int FLAG_OFFSET = 0;
    private static final int COUNT_OFFSET = FLAG_OFFSET + Integer.BYTES;
    private static final int UNUSED_ROUNDS = 50;

    private final MemorySegment memory;
    private final long offset;
    private final Set<Thread> parked = ConcurrentHashMap.newKeySet();
    private boolean sleeping;

    WaitWord(MemorySegment memory, long offset) {
        this.memory = memory;
        this.offset = offset;
    }

    /// The count, to be read before looking at what is waited for.
    int ticket() {
        return Words.getIntVolatile(memory, offset + COUNT_OFFSET);
    }

    /// Says that somebody is about to sleep. What is waited for must be looked at once more after this.
    void announce() {
        Words.setIntVolatile(memory, offset + FLAG_OFFSET, 1);
        // Pairs with the load in wake(): either that sees the flag, or this thread sees what was changed before.
        VarHandle.fullFence();
    }

    /// Sleeps until somebody wakes, the time is over, or for no reason.
    ///
    /// @param ticket of before the last look
    /// @param nanos at most, and at most [#LONGEST]
    void sleep(int ticket, long nanos) {
        long bounded = Math.min(nanos, LONGEST.toNanos());
        if (bounded <= 0) {
            return;
        }
        if (Thread.currentThread().isVirtual()) {
            park(ticket, bounded);
        } else {
            boolean _ = Futex.await(memory, offset + COUNT_OFFSET, ticket, Duration.ofNanos(bounded));
        }
    }

    /// Wakes everybody, if somebody sleeps. What they wait for was changed before, and the last store before this
    /// was a volatile one or an atomic operation.
    void wake() {
        if (Words.getIntVolatile(memory, offset + FLAG_OFFSET) != 0) {
            wakeNow();
        }
    }

    private void wakeNow() {
        // In this order: who raises the flag in between reads the new count, or is woken.
        Words.setIntVolatile(memory, offset + FLAG_OFFSET, 0);
        FaultPoint.reached("wake.lowered");
        var _ = Words.addInt(memory, offset + COUNT_OFFSET, 1);
        var _ = Futex.wakeAll(memory, offset + COUNT_OFFSET);
    }

    private void park(int ticket, long nanos) {
        Thread self = Thread.currentThread();
        parked.add(self);
        try {
            ensureSleeper();
            // The sleeper unparks all whenever it has seen another count; before this load it knows of this thread.
            if (ticket() == ticket) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            parked.remove(self);
        }
    }

    private synchronized void ensureSleeper() {
        if (!sleeping) {
            // Before the thread runs: a wake-up that comes sooner than its first look is one for who parks now.
            int before = ticket();
            Thread.ofPlatform().daemon().name("muster-memory").start(() -> sleepForOthers(before));
            // The thread looks at this under the same lock. Not before the start, which may fail.
            sleeping = true;
        }
    }

    private void sleepForOthers(int before) {
        FaultPoint.reached("sleeper.begins");
        int last = before;
        for (int unused = 0; keepSleeping(unused); unused = parked.isEmpty() ? unused + 1 : 0) {
            int now = ticket();
            if (now != last) {
                last = now;
                parked.forEach(LockSupport::unpark);
            }
            boolean _ = Futex.await(memory, offset + COUNT_OFFSET, now, LONGEST);
        }
    }

    /// Ends the thread when nobody has parked for some seconds.
    private synchronized boolean keepSleeping(int unused) {
        sleeping = unused < UNUSED_ROUNDS || !parked.isEmpty();
        return sleeping;
    }
}
