package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.LONG;
import static dev.muster.os.Native.POINTER;
import static dev.muster.os.Native.SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// Datagrams to the socket of a service manager, `sd_notify(3)`; the JDK has Unix sockets for streams only.
///
/// **Threads:** one owner. **Lifetime:** the caller closes it. **Failure:** a manager that is gone, or that does not
/// read, never blocks and never throws after the beginning: [#send] says false.
public final class SdNotify implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int PATH_AT = 2;

    private final int fd;
    private final byte[] name;

    private SdNotify(int fd, byte[] name) {
        this.fd = fd;
        this.name = name;
    }

    /// Prepares to send; nothing is sent yet.
    ///
    /// @param address the value of `NOTIFY_SOCKET`: an absolute path, or `@` and an abstract name
    /// @throws IllegalArgumentException if it is neither, or too long
    /// @throws NativeException if there is no socket to be had
    /// @throws UnsupportedOperationException in degraded mode
    public static SdNotify to(String address) {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        boolean path = address.startsWith("/");
        if (!path && !(address.startsWith("@") && name.length > 1)) {
            throw new IllegalArgumentException("NOTIFY_SOCKET=" + address
                    + " is neither an absolute path nor an abstract name that begins with '@'");
        }
        if (name.length > UnixSocket.LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "NOTIFY_SOCKET has " + name.length + " bytes, the system allows " + UnixSocket.LONGEST_PATH);
        }
        if (!Natives.available()) {
            throw Natives.refusal("send datagrams to the service manager");
        }
        MemorySegment state = Native.state();
        int fd;
        try {
            fd = (int) Calls.SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM | Fd.O_CLOEXEC, 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (fd < 0) {
            throw Native.failure(state, "socket(AF_UNIX, SOCK_DGRAM)");
        }
        if (!path) {
            // An abstract name begins with a NUL, has no end of its own, and is as long as the address says.
            name[0] = 0;
        }
        return new SdNotify(fd, name);
    }

    /// Sends one message, without waiting.
    ///
    /// @param message lines of `NAME=VALUE`
    /// @return false if it was not delivered: the manager's queue is full, or nobody listens
    public boolean send(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try (Arena memory = Arena.ofConfined()) {
            boolean path = name[0] != 0;
            int size = PATH_AT + name.length + (path ? 1 : 0);
            MemorySegment address = memory.allocate(size, Short.BYTES);
            address.set(SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, PATH_AT, name.length);
            MemorySegment text = memory.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            MemorySegment state = Native.state();
            while (true) {
                long sent = (long) Calls.SENDTO.invokeExact(
                        state, fd, text, (long) bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, size);
                if (sent >= 0 || Native.errno(state) != Errno.EINTR) {
                    return sent == bytes.length;
                }
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    @Override
    public void close() {
        Fd.close(fd);
    }

    private static final class Calls {
        static final MethodHandle SOCKET = Native.function("socket", FunctionDescriptor.of(INT, INT, INT, INT));
        static final MethodHandle SENDTO =
                Native.function("sendto", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT, POINTER, INT));
    }
}
