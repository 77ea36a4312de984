package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.LONG;
import static dev.muster.os.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/// File descriptors as plain numbers: pipes, reading, writing, closing. In degraded mode the numbers are those of
/// [Descriptors], and mean nothing to the kernel.
///
/// **Threads:** any; whoever owns the number sees to it that nobody uses it after [#close(int)], because the kernel
/// gives the number to the next file that is opened. **Lifetime:** the caller closes. **Failure:** the end of the
/// other process shows as -1 from a read and as `EPIPE` (a [NativeException]) from a write.
public final class Fd {
    /// What [#read(int, ByteBuffer)] returns at the end of the data.
    public static final int EOF = -1;

    /// `fcntl(2)`, `open(2)`.
    static final int O_NONBLOCK = 0_4000;

    static final int O_CLOEXEC = 0_2000000;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_SETFD = 2;
    static final int FD_CLOEXEC = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;

    private Fd() {}

    /// A new pipe, not inherited by programs that are started. `pipe2(2)`.
    ///
    /// @return the end to read from and the end to write to
    public static int[] pipe() {
        if (!Natives.available()) {
            return PlainPipe.open();
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment ends = memory.allocate(INT, 2);
            MemorySegment state = Native.state();
            if ((int) Pipe.PIPE2.invokeExact(state, ends, O_CLOEXEC) < 0) {
                throw Native.failure(state, "pipe2(O_CLOEXEC)");
            }
            return new int[] {ends.getAtIndex(INT, 0), ends.getAtIndex(INT, 1)};
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /// Makes reads and writes return 0 instead of waiting. It is a property of the open file, so it also holds for
    /// every process that shares it.
    public static void nonBlocking(int fd) {
        if (!Natives.available()) {
            Descriptors.nonBlocking(fd);
            return;
        }
        int flags = control(fd, F_GETFL, 0);
        int _ = control(fd, F_SETFL, flags | O_NONBLOCK);
    }

    /// Another number for the same open file, at least `lowest` and not inherited by programs that are started.
    public static int duplicate(int fd, int lowest) {
        return control(fd, F_DUPFD_CLOEXEC, lowest);
    }

    /// Reads what is there into the remaining room of a buffer. `read(2)`.
    ///
    /// @param into a direct buffer; its position advances
    /// @return the bytes read; 0 if the buffer is full or, on a non-blocking descriptor, nothing is there; [#EOF]
    ///     at the end
    public static int read(int fd, ByteBuffer into) {
        if (!into.hasRemaining()) {
            return 0;
        }
        direct("read", fd, into);
        return Natives.available() ? transfer(Calls.READ, "read", fd, into) : Descriptors.read(fd, into);
    }

    /// Writes what remains in a buffer, or a part of it. `write(2)`.
    ///
    /// @param from a direct buffer; its position advances
    /// @return the bytes written; 0 if nothing remains or, on a non-blocking descriptor, there is no room
    public static int write(int fd, ByteBuffer from) {
        if (!from.hasRemaining()) {
            return 0;
        }
        direct("write", fd, from);
        return Natives.available()
                ? Math.max(0, transfer(Calls.WRITE, "write", fd, from))
                : Descriptors.write(fd, from);
    }

    /// Closes a descriptor. Never throws for an error that the kernel reports, because the number is free in any
    /// case.
    ///
    /// @throws IllegalArgumentException if the number is negative or standard input, output or error
    public static void close(int fd) {
        if (fd <= 2) {
            throw new IllegalArgumentException("refused to close descriptor " + fd + ": 0 to 2 belong to the process");
        }
        if (!Natives.available()) {
            Descriptors.close(fd);
            return;
        }
        try {
            int _ = (int) Calls.CLOSE.invokeExact(Native.state(), fd);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void direct(String call, int fd, ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException(call + "(" + fd + ") needs a direct buffer, this one is on the heap");
        }
    }

    private static int transfer(MethodHandle call, String name, int fd, ByteBuffer buffer) {
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        MemorySegment state = Native.state();
        while (true) {
            long moved;
            try {
                moved = (long) call.invokeExact(state, fd, memory, memory.byteSize());
            } catch (Throwable t) {
                throw Native.unexpected(t);
            }
            if (moved > 0) {
                buffer.position(buffer.position() + (int) moved);
                return (int) moved;
            }
            if (moved == 0) {
                return EOF;
            }
            switch (Native.errno(state)) {
                case Errno.EAGAIN -> {
                    return 0;
                }
                case Errno.EINTR -> {}
                default -> throw Native.failure(state, name + "(" + fd + ", " + memory.byteSize() + " bytes)");
            }
        }
    }

    static int control(int fd, int command, int argument) {
        if (!Natives.available()) {
            throw Natives.refusal("change or copy descriptor " + fd);
        }
        MemorySegment state = Native.state();
        int result;
        try {
            result = (int) Control.FCNTL.invokeExact(state, fd, command, argument);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (result < 0) {
            throw Native.failure(state, "fcntl(" + fd + ", " + command + ", " + argument + ")");
        }
        return result;
    }

    private static final class Calls {
        private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(LONG, INT, POINTER, LONG);

        static final MethodHandle CLOSE = Native.function("close", FunctionDescriptor.of(INT, INT));
        static final MethodHandle READ = Native.function("read", TRANSFER);
        static final MethodHandle WRITE = Native.function("write", TRANSFER);
    }

    private static final class Pipe {
        static final MethodHandle PIPE2 = Native.function("pipe2", FunctionDescriptor.of(INT, POINTER, INT));
    }

    private static final class Control {
        static final MethodHandle FCNTL = Native.variadic("fcntl", 2, FunctionDescriptor.of(INT, INT, INT, INT));
    }
}
