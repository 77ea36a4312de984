package dev.muster.os;

import static dev.muster.os.Native.LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `syscall(2)` in one shape. What every process needs at its start and at its end goes through this one handle,
/// because each further shape of a handle costs a starting process milliseconds. Numbers are in [Platform].
final class Syscall {
    private static final MethodHandle SYSCALL =
            Native.variadic("syscall", 1, FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG));

    private Syscall() {}

    /// Calls the kernel with up to four numbers. Flags and structures that are not given are 0.
    ///
    /// @param state receives `errno`
    /// @return what the kernel returned, -1 for an error
    static long call(MemorySegment state, int number, long a, long b, long c, long d) {
        try {
            return (long) SYSCALL.invokeExact(state, (long) number, a, b, c, d, 0L);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /// Links the handle now, so that a later call needs no memory.
    static void link() {
        // Initialising this class has done it.
    }
}
