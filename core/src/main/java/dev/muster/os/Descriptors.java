package dev.muster.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What stands behind the numbers of [Fd] in degraded mode: channels and streams of the Java platform.
///
/// **Threads:** any. **Lifetime:** a number is never given away twice. **Failure:** a number that is closed, or was
/// never open, is a [NativeException] as it would be from the kernel.
final class Descriptors {
    /// No descriptor of the kernel has such a number, so that none is ever taken for the other.
    private static final int FIRST = 1 << 20;

    private static final AtomicInteger NEXT = new AtomicInteger(FIRST);
    private static final Map<Integer, Descriptor> OPEN = new ConcurrentHashMap<>();

    private Descriptors() {}

    /// One of them. What a kind cannot do, it does not override.
    interface Descriptor {
        /// As [Fd#read].
        default int read(ByteBuffer into) throws IOException {
            throw new IOException("Bad file descriptor");
        }

        /// As [Fd#write].
        default int write(ByteBuffer from) throws IOException {
            throw new IOException("Bad file descriptor");
        }

        /// Makes reads and writes return 0 instead of waiting.
        default void nonBlocking() throws IOException {}

        /// What a selector can wait for; null if [#ready()] has to be asked.
        default @Nullable SelectableChannel channel() {
            return null;
        }

        /// Which events of [Poller] hold now, where there is no channel.
        default int ready() {
            return 0;
        }

        /// Calls back once when it becomes ready.
        ///
        /// @return false if it does not: then it has to be asked again and again
        default boolean announce(Runnable ready) {
            return false;
        }

        void close() throws IOException;
    }

    static int add(Descriptor descriptor) {
        int fd = NEXT.getAndIncrement();
        OPEN.put(fd, descriptor);
        return fd;
    }

    /// @param call for the message of the exception
    static Descriptor get(int fd, String call) {
        Descriptor found = OPEN.get(fd);
        if (found == null) {
            throw new NativeException(call + "(" + fd + ")", new IOException("Bad file descriptor"));
        }
        return found;
    }

    static int read(int fd, ByteBuffer into) {
        try {
            return get(fd, "read").read(into);
        } catch (IOException e) {
            throw new NativeException("read(" + fd + ", " + into.remaining() + " bytes)", e);
        }
    }

    static int write(int fd, ByteBuffer from) {
        try {
            return get(fd, "write").write(from);
        } catch (IOException e) {
            throw new NativeException("write(" + fd + ", " + from.remaining() + " bytes)", e);
        }
    }

    static void nonBlocking(int fd) {
        try {
            get(fd, "fcntl").nonBlocking();
        } catch (IOException e) {
            throw new NativeException("fcntl(" + fd + ", O_NONBLOCK)", e);
        }
    }

    /// As [Fd#close]: the number is free in any case.
    static void close(int fd) {
        Descriptor closed = OPEN.remove(fd);
        try {
            if (closed != null) {
                closed.close();
            }
        } catch (IOException _) {
            // Nobody could do anything about it.
        }
    }
}
