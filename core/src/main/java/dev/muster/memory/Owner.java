package dev.muster.memory;

import dev.muster.os.Identity;

/// Who holds something in shared memory, as one word: the process id in the lowest 22 bits, which no pid of Linux
/// exceeds, and above them the time of its start. So it is written in one store, and no process that gets the pid later
/// is taken for it.
///
/// **Threads:** any. **Failure:** a dead owner is found by whoever wants what it holds.
final class Owner {
    /// Nobody.
    static final long NONE = 0;

    /// A living process that could not finish what it was about, because its stack or its heap was exhausted. No
    /// process has this word.
    static final long ABANDONED = -1;

    /// This process.
    static final long SELF = of(Identity.self());

    private static final int PID_BITS = 22;
    private static final long PID_MASK = (1L << PID_BITS) - 1;

    private Owner() {}

    static long of(Identity process) {
        if (process.pid() > PID_MASK || process.startTime() >>> (Long.SIZE - PID_BITS) != 0) {
            throw new MemoryException("the process " + process + " cannot own shared memory: its pid has more than "
                    + PID_BITS + " bits, or its start time more than " + (Long.SIZE - PID_BITS)
                    + "; that is no Linux that is known");
        }
        return process.startTime() << PID_BITS | process.pid();
    }

    static Identity process(long owner) {
        return new Identity(owner & PID_MASK, owner >>> PID_BITS);
    }

    /// Whether it runs no instruction any more. Asks the operating system, so ask only while there is a reason.
    static boolean dead(long owner) {
        return owner == ABANDONED
                || owner != NONE && owner != SELF && process(owner).ended();
    }
}
