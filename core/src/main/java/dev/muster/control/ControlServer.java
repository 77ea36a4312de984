package dev.muster.control;

import dev.muster.os.NativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The master's end of all control connections: one thread that accepts, reads and writes, and that no client can hold
/// up. It serves at most [#CONNECTIONS] that the listener does not know; each has [#PATIENCE_MILLIS] until its first
/// message is complete, and a bounded queue of what it has not read yet.
///
/// A socket file that somebody deleted or replaced is made again within [#RENEWAL_MILLIS]. Some descriptors are kept in
/// reserve, so that the command line is still answered when the process has no more.
///
/// **Threads:** one platform thread `control`, on which all callbacks run; they must not block. [#close] may be called
/// from any thread. **Lifetime:** closed by whoever opened it. **Failure:** the end of a client shows as
/// [Listener#closed]. What a callback throws goes to the thread's uncaught-exception handler and ends that connection
/// only.
public final class ControlServer implements AutoCloseable {
    /// Of more connections to which the listener has attached nothing, the oldest that has said nothing is closed;
    /// if all have spoken, the new one.
    public static final int CONNECTIONS = 256;
    /// How long a connection may take for its first message, and how long one that is being closed may take to read
    /// what it was sent.
    public static final int PATIENCE_MILLIS = 5000;
    /// How long it takes at most until a lost socket file is there again.
    public static final int RENEWAL_MILLIS = 5000;
    /// What may wait in one connection's queue, in bytes.
    public static final int QUEUE_BYTES = 1 << 20;

    private final Path socket;
    private final Listener listener;
    private final ControlLoop loop;
    private final Thread thread;

    private ControlServer(Path socket, Listener listener, ControlLoop loop, Thread thread) {
        this.socket = socket;
        this.listener = listener;
        this.loop = loop;
        this.thread = thread;
    }

    /// Opens the socket, mode 0600, and starts to serve it. The caller holds the lock of the run directory: a
    /// socket file that is there belongs to a dead master and is replaced.
    ///
    /// @param socket where, at most [UnixSocket#LONGEST_PATH] bytes
    /// @throws IOException if something that is no socket is there, or the directory cannot be written
    /// @throws NativeException if the system has no descriptor for it. Nothing of it is open after a failure
    public static ControlServer open(Path socket, Listener listener) throws IOException {
        NativeException.prepare();
        removeSocket(socket);
        ControlLoop loop = ControlLoop.open(socket, listener);
        try {
            Thread thread = Thread.ofPlatform().name("control").daemon().start(loop);
            return new ControlServer(socket, listener, loop, thread);
        } catch (OutOfMemoryError e) {
            // No thread.
            loop.discard();
            throw e;
        }
    }

    /// Takes no more connections, spends up to a second on what is still to be sent, closes them and removes the
    /// socket file, unless it is somebody else's by now. Returns when the thread has ended; called from a callback,
    /// at once.
    @Override
    public void close() throws IOException {
        boolean ours = thread.isAlive() && listener.obstacle().isEmpty();
        loop.stop();
        if (ours) {
            removeSocket(socket);
        }
        if (thread.equals(Thread.currentThread())) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (ours) {
            // The loop may have been about to make it again.
            removeSocket(socket);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void removeSocket(Path socket) throws IOException {
        try {
            var attributes = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isOther()) {
                throw new IOException(
                        "cannot open the control socket %s: the file there is no socket; give another run.dir"
                                .formatted(socket));
            }
            Files.deleteIfExists(socket);
        } catch (NoSuchFileException e) {
            return;
        }
    }

    /// What happens on the connections. All calls come on the control thread, for one connection in order.
    public interface Listener {
        /// A message arrived.
        void received(Connection connection, Message message);

        /// The other side broke the protocol, was silent for too long, or did not read what it was sent. A
        /// connection to which nothing is attached is closed; [#closed] follows. One with an attachment is
        /// neither read nor written any more, and stays until the listener closes it or the other side ends.
        ///
        /// @param why one line
        void violated(Connection connection, String why);

        /// The connection has ended, for whatever reason. The last call for it, and the only one for a
        /// connection that never said anything.
        void closed(Connection connection);

        /// Why the socket's file, which is not ours any more, is to be left as it is: somebody else has a right
        /// to it. Empty if it may be made again or removed.
        default String obstacle() {
            return "";
        }

        /// The socket's file was deleted or replaced by somebody. Existing connections go on.
        ///
        /// @param problem empty if it is there again; else why not, and it is tried again
        default void socketLost(String problem) {}
    }

    /// One client.
    ///
    /// **Threads:** any.
    public interface Connection {
        /// The process at the other end when it connected, as the kernel says; negative if the kernel was not
        /// asked, which is so in degraded mode.
        long pid();

        /// False if the kernel says that another process than this one is at the other end. In degraded mode
        /// nobody says so, and only the token of a child proves who it is.
        default boolean mayBe(long process) {
            return pid() < 0 || pid() == process;
        }

        /// Its user.
        int uid();

        /// Queues a message; never blocks. If the connection has ended or is ending, the message is dropped. If
        /// the queue is full the connection is violated.
        ///
        /// @throws IllegalArgumentException if the message is longer than a frame can be
        void send(Message message);

        /// Ends the connection when the kernel has taken what was sent before, or
        /// [ControlServer#PATIENCE_MILLIS] have passed. Messages that arrive from now on are dropped.
        void close();

        /// Keeps something of the listener's with the connection.
        void attach(@Nullable Object attachment);

        /// What was last attached, null if nothing.
        @Nullable
        Object attachment();
    }
}
