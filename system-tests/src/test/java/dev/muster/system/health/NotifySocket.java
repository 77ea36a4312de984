package dev.muster.system.health;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The socket of a service manager: a real datagram socket on which a test reads what was sent.
///
/// **Threads:** one owner. **Lifetime:** [#close] closes it; the file of a path stays.
public final class NotifySocket implements AutoCloseable {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int DATAGRAM = 2;
    private static final int DONT_WAIT = 0x40;
    private static final int LONGEST = 8 * 1024;

    private final int fd;

    /// @param address a path where nothing is, or `@` and an abstract name
    public NotifySocket(String address) throws Throwable {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        boolean path = name[0] == '/';
        name[0] = path ? name[0] : 0;
        fd = (int) call("socket", FunctionDescriptor.of(INT, INT, INT, INT)).invokeExact(1, DATAGRAM, 0);
        try (Arena memory = Arena.ofConfined()) {
            int size = 2 + name.length + (path ? 1 : 0);
            MemorySegment bytes = memory.allocate(size, Short.BYTES);
            bytes.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(name, 0, bytes, ValueLayout.JAVA_BYTE, 2, name.length);
            int bound = (int) call("bind", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT))
                    .invokeExact(fd, bytes, size);
            if (fd < 0 || bound < 0) {
                throw new AssertionError("cannot bind a datagram socket to " + address);
            }
        }
    }

    /// The messages that have arrived, oldest first; does not wait.
    public List<String> received() throws Throwable {
        List<String> messages = new ArrayList<>();
        MethodHandle recv = call("recv", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, INT));
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment room = memory.allocate(LONGEST);
            while (true) {
                long length = (long) recv.invokeExact(fd, room, (long) LONGEST, DONT_WAIT);
                if (length < 0) {
                    return messages;
                }
                messages.add(
                        new String(room.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void close() {
        try {
            int _ = (int) call("close", FunctionDescriptor.of(INT, INT)).invokeExact(fd);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape);
    }
}
