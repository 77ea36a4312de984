package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.POINTER;
import static dev.muster.os.Native.SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The serving side of a Unix stream socket on plain descriptors, because a channel of the JDK tells the user at
/// the other end but not the process. With [Fd] and [Poller] it is enough for a single-threaded server; clients
/// connect with a `java.nio.channels.SocketChannel`.
///
/// All descriptors are non-blocking and are not inherited by programs that are started. `unix(7)`.
///
/// **Threads:** any. **Lifetime:** the caller closes the descriptors with [Fd#close(int)] and deletes the socket
/// file. **Failure:** see [Fd].
public final class UnixSocket {
    /// The longest path of a socket in bytes: `sun_path` has 108 with the closing NUL.
    public static final int LONGEST_PATH = 107;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCKET_FLAGS = Fd.O_CLOEXEC | Fd.O_NONBLOCK;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int PATH_AT = 2;
    private static final int ADDRESS_SIZE = PATH_AT + LONGEST_PATH + 1;
    private static final int CREDENTIALS_SIZE = 12;

    private UnixSocket() {}

    /// Makes a socket file that only this user may connect to, and listens on it. Keep it in a directory of mode
    /// 0700: between creation and the change of the file's mode only the directory protects it.
    ///
    /// @param path where; nothing may be there
    /// @param backlog how many connections may wait to be accepted
    /// @return the listening descriptor
    /// @throws IllegalArgumentException if the path has more than [#LONGEST_PATH] bytes
    /// @throws NativeException `EADDRINUSE` if the file exists, or what else the kernel says
    public static int listen(Path path, int backlog) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > LONGEST_PATH) {
            throw new IllegalArgumentException("the socket path " + path + " has " + name.length
                    + " bytes, the system allows " + LONGEST_PATH + "; use a shorter run directory");
        }
        if (!Natives.available()) {
            return PlainSocket.listen(path, backlog);
        }
        int fd = socket();
        boolean listening = false;
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment address = memory.allocate(ADDRESS_SIZE, Short.BYTES);
            address.set(SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, PATH_AT, name.length);
            MemorySegment state = Native.state();
            if ((int) Calls.BIND.invokeExact(state, fd, address, ADDRESS_SIZE) < 0) {
                throw Native.failure(state, "bind(" + path + ")");
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            if ((int) Calls.LISTEN.invokeExact(state, fd, backlog) < 0) {
                throw Native.failure(state, "listen(" + path + ", " + backlog + ")");
            }
            listening = true;
            return fd;
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        } finally {
            if (!listening) {
                Fd.close(fd);
            }
        }
    }

    /// Takes one connection that waits.
    ///
    /// @return its descriptor, or -1 if none waits
    /// @throws NativeException with [NativeException#shortage()] if there are too many open files: the connection
    ///     stays in the queue, so stop watching the listening descriptor for a while
    public static int accept(int listening) {
        if (!Natives.available()) {
            return PlainSocket.accept(listening);
        }
        MemorySegment state = Native.state();
        while (true) {
            int fd;
            try {
                fd = (int) Calls.ACCEPT4.invokeExact(
                        state, listening, MemorySegment.NULL, MemorySegment.NULL, SOCKET_FLAGS);
            } catch (Throwable t) {
                throw Native.unexpected(t);
            }
            if (fd >= 0) {
                return fd;
            }
            switch (Native.errno(state)) {
                case Errno.EAGAIN -> {
                    return -1;
                }
                case Errno.EINTR, Errno.ECONNABORTED -> {}
                default -> throw Native.failure(state, "accept4(" + listening + ")");
            }
        }
    }

    /// Who connected; in degraded mode only the user is known. `SO_PEERCRED` in `unix(7)`: `struct ucred { pid_t
    /// pid; uid_t uid; gid_t gid; }`.
    public static Peer peer(int connection) {
        if (!Natives.available()) {
            return PlainSocket.peer(connection);
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment credentials = memory.allocate(CREDENTIALS_SIZE, Integer.BYTES);
            MemorySegment size = memory.allocateFrom(INT, CREDENTIALS_SIZE);
            MemorySegment state = Native.state();
            if ((int) Calls.GETSOCKOPT.invokeExact(state, connection, SOL_SOCKET, SO_PEERCRED, credentials, size) < 0) {
                throw Native.failure(state, "getsockopt(" + connection + ", SO_PEERCRED)");
            }
            return new Peer(
                    credentials.getAtIndex(INT, 0), credentials.getAtIndex(INT, 1), credentials.getAtIndex(INT, 2));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int socket() {
        MemorySegment state = Native.state();
        int fd;
        try {
            fd = (int) Calls.SOCKET.invokeExact(state, AF_UNIX, SOCK_STREAM | SOCKET_FLAGS, 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (fd < 0) {
            throw Native.failure(state, "socket(AF_UNIX)");
        }
        return fd;
    }

    private static final class Calls {
        static final MethodHandle SOCKET = Native.function("socket", FunctionDescriptor.of(INT, INT, INT, INT));
        static final MethodHandle BIND = Native.function("bind", FunctionDescriptor.of(INT, INT, POINTER, INT));
        static final MethodHandle LISTEN = Native.function("listen", FunctionDescriptor.of(INT, INT, INT));
        static final MethodHandle ACCEPT4 =
                Native.function("accept4", FunctionDescriptor.of(INT, INT, POINTER, POINTER, INT));
        static final MethodHandle GETSOCKOPT =
                Native.function("getsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, POINTER));
    }
}
