package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.POINTER;
import static dev.muster.os.Native.SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Optional;

/// A TCP socket that listens, as a plain descriptor, so that it can be handed to another process by
/// [SpawnRequest#stdinFd()]. This process does not accept from it. `ip(7)`, `ipv6(7)`.
///
/// It is non-blocking, which is a property of the open file and so holds for all who share it, and is not inherited by
/// programs that are started otherwise.
///
/// **Threads:** any; a name may have to be looked up, which can take seconds. **Lifetime:** the caller closes the
/// descriptor with [Fd#close(int)]; the socket listens until all who have it have closed theirs. **Failure:** see
/// [ListenException]; nothing is open then.
public final class TcpSocket {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int SOCKET_FLAGS = Fd.O_CLOEXEC | Fd.O_NONBLOCK;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SHUT_RD = 0;
    private static final int FIRST_FREE_PORT = 1_024;

    /// `struct sockaddr_in { sa_family_t family; in_port_t port; struct in_addr addr; … }` and `struct sockaddr_in6
    /// { family; port; uint32_t flowinfo; struct in6_addr addr; uint32_t scope_id; }`.
    private static final int PORT_AT = 2;

    private static final int ADDRESS4_AT = 4;
    private static final int SIZE4 = 16;
    private static final int ADDRESS6_AT = 8;
    private static final int SCOPE_AT = 24;
    private static final int SIZE6 = 28;

    private static final ValueLayout.OfShort NETWORK_SHORT = SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private TcpSocket() {}

    /// Listens.
    ///
    /// @param host an IPv4 or IPv6 address, or a name that is resolved; `::` takes IPv4 in too
    /// @param port 1 to 65535
    /// @param key how the port is called in the configuration, for the message of a failure
    /// @param backlog how many connections may wait to be accepted; the kernel has a limit of its own
    /// @return the descriptor
    /// @throws ListenException if it cannot
    public static int listen(String host, int port, String key, int backlog) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ListenException(
                    ListenException.Reason.NO_SUCH_ADDRESS,
                    intent(host, port) + ": the name cannot be resolved; give an address of this machine, such as"
                            + " 127.0.0.1 or 0.0.0.0",
                    e);
        }
        try {
            return listen(address, port, backlog);
        } catch (NativeException e) {
            throw explained(host, address, port, key, e);
        }
    }

    private static String intent(String host, int port) {
        return "cannot listen on " + host + " port " + port;
    }

    static ListenException explained(String host, InetAddress address, int port, String key, NativeException e) {
        return switch (e.errno()) {
            case Errno.EADDRINUSE ->
                new ListenException(
                        ListenException.Reason.TAKEN,
                        intent(host, port) + ": the port is taken by " + owner(address, port) + ", or set " + key
                                + " to another port",
                        e);
            case Errno.EADDRNOTAVAIL, Errno.EAFNOSUPPORT ->
                new ListenException(
                        ListenException.Reason.NO_SUCH_ADDRESS,
                        intent(host, port) + ": " + address.getHostAddress()
                                + " is not an address of this machine; give one that it has, or 0.0.0.0 for all",
                        e);
            case Errno.EACCES ->
                new ListenException(
                        ListenException.Reason.NOT_PERMITTED,
                        intent(host, port) + ": "
                                + (port < FIRST_FREE_PORT ? "ports under " + FIRST_FREE_PORT + " need" : "it needs")
                                + " a permission that this user does not have; set " + key + " to a port from "
                                + FIRST_FREE_PORT + " on, or give the capability CAP_NET_BIND_SERVICE",
                        e);
            default ->
                new ListenException(ListenException.Reason.REFUSED, intent(host, port) + ": " + e.getMessage(), e);
        };
    }

    private static String owner(InetAddress address, int port) {
        Optional<PortOwner> found = PortOwner.find(address, port);
        if (found.isEmpty()) {
            return "a process that this user cannot see; end it";
        }
        PortOwner owner = found.get();
        return owner.pid() == ProcessHandle.current().pid()
                ? "this process itself, which listens there on another address of this machine; stop and start it"
                : "process " + owner.pid() + " (" + owner.command() + "); end it";
    }

    private static int listen(InetAddress address, int port, int backlog) {
        if (!Natives.available()) {
            throw Natives.refusal("hold the port " + port + " for other processes");
        }
        boolean six = address instanceof Inet6Address;
        int fd = socket(six ? AF_INET6 : AF_INET);
        boolean listening = false;
        try (Arena memory = Arena.ofConfined()) {
            set(memory, fd, SOL_SOCKET, SO_REUSEADDR, 1);
            if (six && address.isAnyLocalAddress()) {
                set(memory, fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
            }
            MemorySegment place = place(memory, address, port);
            MemorySegment state = Native.state();
            if ((int) Calls.BIND.invokeExact(state, fd, place, (int) place.byteSize()) < 0) {
                throw Native.failure(state, "bind(" + address.getHostAddress() + " port " + port + ")");
            }
            // Two sockets may both be bound with SO_REUSEADDR while neither listens: then this call says it.
            if ((int) Calls.LISTEN.invokeExact(state, fd, backlog) < 0) {
                throw Native.failure(state, "listen(" + address.getHostAddress() + " port " + port + ")");
            }
            listening = true;
            return fd;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        } finally {
            if (!listening) {
                Fd.close(fd);
            }
        }
    }

    /// Stops listening, for all who share the socket: what waits to be accepted is reset, and who comes is refused
    /// at once. The port stays taken. `shutdown(2)`
    public static void rest(int fd) {
        MemorySegment state = Native.state();
        try {
            if ((int) Calls.SHUTDOWN.invokeExact(state, fd, SHUT_RD) < 0) {
                throw Native.failure(state, "shutdown(" + fd + ")");
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /// Listens again after [#rest(int)].
    ///
    /// @throws NativeException if another socket has come to listen on the port meanwhile
    public static void resume(int fd, int backlog) {
        MemorySegment state = Native.state();
        try {
            if ((int) Calls.LISTEN.invokeExact(state, fd, backlog) < 0) {
                throw Native.failure(state, "listen(" + fd + ")");
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static MemorySegment place(Arena memory, InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address six) {
            MemorySegment place = memory.allocate(SIZE6, Integer.BYTES);
            place.set(SHORT, 0, (short) AF_INET6);
            place.set(NETWORK_SHORT, PORT_AT, (short) port);
            MemorySegment.copy(bytes, 0, place, ValueLayout.JAVA_BYTE, ADDRESS6_AT, bytes.length);
            place.set(INT, SCOPE_AT, six.getScopeId());
            return place;
        }
        MemorySegment place = memory.allocate(SIZE4, Integer.BYTES);
        place.set(SHORT, 0, (short) AF_INET);
        place.set(NETWORK_SHORT, PORT_AT, (short) port);
        MemorySegment.copy(bytes, 0, place, ValueLayout.JAVA_BYTE, ADDRESS4_AT, bytes.length);
        return place;
    }

    private static int socket(int family) {
        MemorySegment state = Native.state();
        int fd;
        try {
            fd = (int) Calls.SOCKET.invokeExact(state, family, SOCK_STREAM | SOCKET_FLAGS, 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (fd < 0) {
            throw Native.failure(state, "socket(" + (family == AF_INET ? "AF_INET" : "AF_INET6") + ")");
        }
        return fd;
    }

    private static void set(Arena memory, int fd, int level, int option, int value) throws Throwable {
        MemorySegment state = Native.state();
        MemorySegment given = memory.allocateFrom(INT, value);
        if ((int) Calls.SETSOCKOPT.invokeExact(state, fd, level, option, given, Integer.BYTES) < 0) {
            throw Native.failure(state, "setsockopt(" + fd + ", " + level + ", " + option + ", " + value + ")");
        }
    }

    private static final class Calls {
        static final MethodHandle SOCKET = Native.function("socket", FunctionDescriptor.of(INT, INT, INT, INT));
        static final MethodHandle BIND = Native.function("bind", FunctionDescriptor.of(INT, INT, POINTER, INT));
        static final MethodHandle LISTEN = Native.function("listen", FunctionDescriptor.of(INT, INT, INT));
        static final MethodHandle SHUTDOWN = Native.function("shutdown", FunctionDescriptor.of(INT, INT, INT));
        static final MethodHandle SETSOCKOPT =
                Native.function("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT));
    }
}
