package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.LONG;
import static dev.muster.os.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/// Sleeping on a word of shared memory until another process wakes the sleepers. `futex(2)`, the shared form: the
/// word may be in a file that several processes have mapped.
///
/// **Threads:** any; a waiting virtual thread holds its carrier, so wait on platform threads. **Lifetime:** the
/// segment must not be closed while somebody waits. **Failure:** nobody wakes a sleeper if the process that would
/// have done so died: always give a bound and look at the word again.
public final class Futex {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;

    private static final MethodHandle FUTEX =
            Native.variadic("syscall", 1, FunctionDescriptor.of(LONG, LONG, POINTER, INT, INT, POINTER));

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
    /// @return how many were woken
    public static int wakeAll(MemorySegment word, long offset) {
        MemorySegment state = Native.state();
        long woken = call(state, at(word, offset), FUTEX_WAKE, Integer.MAX_VALUE, MemorySegment.NULL);
        if (woken < 0) {
            throw Native.failure(state, "futex(WAKE)");
        }
        return (int) woken;
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
            return (long) FUTEX.invokeExact(state, (long) Native.PLATFORM.futex(), word, operation, value, time);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
