package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.LONG;
import static dev.muster.os.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Sleeping on a word of shared memory until another process wakes the sleepers. `futex(2)`, the shared form: the
/// word may be in a file that several processes have mapped.
///
/// **Threads:** any; a waiting virtual thread holds its carrier, so wait on platform threads. **Lifetime:** the
/// segment must not be closed while somebody waits. **Failure:** nobody wakes a sleeper if the process that would
/// have done so died: always give a bound and look at the word again.
public final class Futex {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;

    /// How long a sleeper of the degraded mode leaves the word alone at first, and at most.
    private static final long FIRST_PAUSE = 500_000;

    private static final long LONGEST_PAUSE = 10_000_000;
    private static final Duration LONGEST_WAIT = Duration.ofDays(1_000);
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private Futex() {}

    /// Sleeps while the word has the expected value and nobody wakes it. May return early for no reason.
    ///
    /// @param word shared memory
    /// @param offset of the `int` in it, a multiple of 4
    /// @param expected the value that the caller saw
    /// @param atMost how long at most
    /// @return false if the time is over; true otherwise: look at the word
    public static boolean await(MemorySegment word, long offset, int expected, Duration atMost) {
        if (atMost.isNegative()) {
            return false;
        }
        if (!Natives.available()) {
            return look(at(word, offset), expected, atMost);
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment time = memory.allocate(LONG, 2);
            time.setAtIndex(LONG, 0, atMost.toSeconds());
            time.setAtIndex(LONG, 1, atMost.toNanosPart());
            MemorySegment state = Native.state();
            if (call(state, at(word, offset), FUTEX_WAIT, expected, time) == 0) {
                return true;
            }
            return switch (Native.errno(state)) {
                case Errno.EAGAIN, Errno.EINTR -> true;
                case Errno.ETIMEDOUT -> false;
                default -> throw Native.failure(state, "futex(WAIT, " + expected + ", " + atMost + ")");
            };
        }
    }

    /// Wakes everybody who sleeps on the word. Change the word before.
    ///
    /// @return how many were woken; 0 in degraded mode, where they see the change by themselves
    public static int wakeAll(MemorySegment word, long offset) {
        MemorySegment checked = at(word, offset);
        if (!Natives.available()) {
            return 0;
        }
        MemorySegment state = Native.state();
        long woken = call(state, checked, FUTEX_WAKE, Integer.MAX_VALUE, MemorySegment.NULL);
        if (woken < 0) {
            throw Native.failure(state, "futex(WAKE)");
        }
        return (int) woken;
    }

    /// The degraded mode has nobody who could wake it: it looks again and again.
    private static boolean look(MemorySegment word, int expected, Duration atMost) {
        long start = System.nanoTime();
        long limit = atMost.compareTo(LONGEST_WAIT) < 0 ? atMost.toNanos() : LONGEST_WAIT.toNanos();
        long pause = FIRST_PAUSE;
        // A thread does not park while its interrupt flag is set.
        boolean interrupted = false;
        try {
            while ((int) WORD.getVolatile(word, 0L) == expected) {
                long left = limit - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(Math.min(left, pause));
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static MemorySegment at(MemorySegment word, long offset) {
        MemorySegment slice = word.asSlice(offset, Integer.BYTES);
        if (slice.address() % Integer.BYTES != 0) {
            throw new IllegalArgumentException(
                    "the word at offset " + offset + " is not aligned; a futex needs a multiple of " + Integer.BYTES);
        }
        return slice;
    }

    private static long call(MemorySegment state, MemorySegment word, int operation, int value, MemorySegment time) {
        try {
            return (long) Calls.FUTEX.invokeExact(state, (long) Native.PLATFORM.futex(), word, operation, value, time);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static final class Calls {
        static final MethodHandle FUTEX =
                Native.variadic("syscall", 1, FunctionDescriptor.of(LONG, LONG, POINTER, INT, INT, POINTER));
    }
}
