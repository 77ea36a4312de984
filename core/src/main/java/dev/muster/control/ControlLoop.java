package dev.muster.control;

import dev.muster.os.Fd;
import dev.muster.os.NativeException;
import dev.muster.os.Poller;
import dev.muster.os.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The control thread: waits for descriptors and deadlines, and does what is due.
///
/// **Threads:** everything on the control thread, but [#changed] and [#stop] from any.
final class ControlLoop implements Runnable {
    private static final long LISTENING = -1;
    private static final int BUFFER = 64 << 10;
    /// So that a flood of new connections does not keep the old ones waiting.
    private static final int ACCEPTED_AT_ONCE = 32;

    private static final long PATIENCE = ControlServer.PATIENCE_MILLIS * 1_000_000L;
    /// How long the loop leaves new connections alone when the system has no more descriptors.
    private static final long SHORTAGE_PAUSE = 100_000_000L;

    private static final long LAST_FLUSH = 1_000_000_000L;
    /// While all unfinished messages together take more than this, a single one may take only SMALL_INPUT.
    private static final long ALL_INPUT = 16L << 20;

    private static final int SMALL_INPUT = 8 << 10;

    /// How often the loop looks whether the socket's file is still its own.
    private static final long LOOK = 2_000_000_000L;

    private final ControlServer.Listener listener;
    private final ListeningSocket socket;
    private final Poller poller;
    private final SpareDescriptors spares = new SpareDescriptors();
    private final Map<Long, ServerConnection> connections = new HashMap<>();
    private final Queue<ServerConnection> changed = new ConcurrentLinkedQueue<>();
    private final AtomicLong allQueued = new AtomicLong();
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private volatile boolean stopping;
    private volatile @Nullable Thread owner;
    private long allInput;
    private long acceptAgain;
    private long lookAgain = soon(LOOK);

    private ControlLoop(Poller poller, ListeningSocket socket, ControlServer.Listener listener) {
        this.poller = poller;
        this.socket = socket;
        this.listener = listener;
    }

    /// Opens what the loop needs, and takes what is left in reserve. Either it is run, or it is discarded.
    ///
    /// @param path where nothing is
    static ControlLoop open(Path path, ControlServer.Listener listener) throws IOException {
        Poller poller = new Poller();
        ListeningSocket socket;
        try {
            socket = ListeningSocket.open(path);
        } catch (IOException | RuntimeException e) {
            poller.close();
            throw e;
        }
        return new ControlLoop(poller, socket, listener);
    }

    /// Something in the connection's queue or state has changed.
    void changed(ServerConnection connection) {
        changed.add(connection);
        if (!Thread.currentThread().equals(owner)) {
            poller.wakeup();
        }
    }

    void stop() {
        stopping = true;
        poller.wakeup();
    }

    @Override
    public void run() {
        owner = Thread.currentThread();
        try {
            poller.add(socket.fd(), Poller.IN, LISTENING);
            while (!stopping) {
                var _ = poller.poll(untilNextDeadline(), this::ready);
                attendToChanged();
                attendToDeadlines();
                attendToSocket();
            }
            poller.remove(socket.fd());
            finish();
        } finally {
            // However this thread ends, the clients must learn of it: to a child it is the end of its master.
            new ArrayList<>(connections.values()).forEach(this::end);
            close();
        }
    }

    /// Gives up everything, instead of a run.
    void discard() {
        close();
        socket.removeFile();
    }

    private void close() {
        Fd.close(socket.fd());
        spares.close();
        poller.close();
    }

    private void finish() {
        long end = System.nanoTime() + LAST_FLUSH;
        connections.values().forEach(ServerConnection::close);
        attendToChanged();
        while (!connections.isEmpty() && System.nanoTime() - end < 0) {
            var _ = poller.poll(Duration.ofNanos(Math.max(0, end - System.nanoTime())), this::ready);
            attendToChanged();
        }
    }

    private void ready(long key, int events) {
        if (key == LISTENING) {
            accept();
            return;
        }
        ServerConnection connection = connections.get(key);
        if (connection == null) {
            return;
        }
        try {
            // Reading comes before the end is noticed, and before a write that may notice it: last words stand in the
            // socket after their sender is gone.
            if ((events & Poller.IN) != 0 && !connection.closing()) {
                int _ = read(connection);
            } else if ((events & (Poller.HUP | Poller.ERR | Poller.NVAL)) != 0) {
                end(connection);
            }
            if ((events & Poller.OUT) != 0 && has(connection)) {
                write(connection);
            }
        } catch (NativeException e) {
            endAfterLastWords(connection);
        }
    }

    private boolean has(ServerConnection connection) {
        return connections.get((long) connection.fd) == connection;
    }

    /// It does not take what it is sent: the other side is gone. What that has said before is still there.
    private void endAfterLastWords(ServerConnection connection) {
        try {
            int count = 1;
            while (count > 0 && has(connection) && !connection.closing()) {
                count = read(connection);
            }
        } catch (NativeException e) {
            // Nothing more can be read, then.
        }
        end(connection);
    }

    private void accept() {
        try {
            for (int count = 0; count < ACCEPTED_AT_ONCE; count++) {
                int fd = UnixSocket.accept(socket.fd());
                if (fd < 0) {
                    return;
                }
                if (connections.size() < ControlServer.CONNECTIONS || madeRoom()) {
                    add(fd);
                } else {
                    Fd.close(fd);
                }
            }
        } catch (NativeException e) {
            if (e.shortage() && spares.give()) {
                // The descriptor is still ready: the next round takes the connection.
                return;
            }
            // The connection stays in the kernel's queue, and the descriptor stays ready: look away for a moment.
            acceptAgain = soon(SHORTAGE_PAUSE);
            poller.update(socket.fd(), 0);
        }
    }

    /// Those whom the listener knows do not count. Of the others, one that has not said anything yet makes room for
    /// one that may: who comes only to sit there keeps nobody out.
    private boolean madeRoom() {
        while (true) {
            int strangers = 0;
            ServerConnection oldest = null;
            for (ServerConnection connection : connections.values()) {
                if (connection.attachment() == null) {
                    strangers++;
                    boolean silent = connection.deadline != 0 && !connection.closing();
                    if (silent && (oldest == null || connection.deadline - oldest.deadline < 0)) {
                        oldest = connection;
                    }
                }
            }
            if (strangers < ControlServer.CONNECTIONS) {
                return true;
            }
            if (oldest == null) {
                return false;
            }
            // Its message may have come in the meantime.
            ready(oldest.fd, Poller.IN);
            if (oldest.deadline != 0) {
                end(oldest);
            }
        }
    }

    /// Sees to it that the file leads to this loop, and that a shortage of descriptors finds some in reserve.
    private void attendToSocket() {
        if (System.nanoTime() - lookAgain < 0) {
            return;
        }
        lookAgain = soon(LOOK);
        spares.refill();
        if (stopping || socket.intact()) {
            return;
        }
        int before = socket.fd();
        String obstacle = listener.obstacle();
        String problem = obstacle.isEmpty() ? socket.renew() : obstacle;
        if (problem.isEmpty()) {
            poller.remove(before);
            Fd.close(before);
            poller.add(socket.fd(), Poller.IN, LISTENING);
            acceptAgain = 0;
        }
        try {
            listener.socketLost(problem);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    private void add(int fd) {
        ServerConnection connection;
        try {
            connection = new ServerConnection(fd, UnixSocket.peer(fd), this, allQueued);
        } catch (NativeException e) {
            Fd.close(fd);
            return;
        }
        connection.deadline = soon(PATIENCE);
        connection.interest = Poller.IN;
        connections.put((long) fd, connection);
        poller.add(fd, Poller.IN, fd);
    }

    /// @return how many bytes there were, [Fd#EOF] at the end
    private int read(ServerConnection connection) {
        int count = Fd.read(connection.fd, in.clear());
        if (count == Fd.EOF) {
            end(connection);
            return count;
        }
        in.flip();
        int held = connection.reader.held();
        try {
            Message message = connection.reader.read(in);
            while (message != null) {
                connection.deadline = 0;
                listener.received(connection, message);
                message = connection.closing() ? null : connection.reader.read(in);
            }
            allInput += connection.reader.held() - held;
            held = connection.reader.held();
            if (held > SMALL_INPUT && allInput > ALL_INPUT) {
                violate(
                        connection,
                        "unfinished messages of all connections take %d bytes, at most %d"
                                .formatted(allInput, ALL_INPUT));
            }
        } catch (ProtocolException e) {
            allInput += connection.reader.held() - held;
            violate(connection, e.getMessage());
        } catch (RuntimeException e) {
            allInput += connection.reader.held() - held;
            report(e);
            end(connection);
        }
        return count;
    }

    private void write(ServerConnection connection) {
        boolean done = connection.flush(out);
        if (done && connection.closing()) {
            end(connection);
            return;
        }
        // A connection that is being closed is not read any more, or what it sends would keep the loop busy.
        watch(connection, (connection.closing() ? 0 : Poller.IN) | (done ? 0 : Poller.OUT));
    }

    private void watch(ServerConnection connection, int events) {
        if (connection.interest != events) {
            connection.interest = events;
            poller.update(connection.fd, events);
        }
    }

    private void attendToChanged() {
        for (ServerConnection connection = changed.poll(); connection != null; connection = changed.poll()) {
            if (!has(connection)) {
                continue;
            }
            long overflow = connection.overflow();
            if (overflow > 0 && !connection.closing()) {
                violate(
                        connection,
                        "does not read: %d bytes wait to be sent, at most %d"
                                .formatted(overflow, ControlServer.QUEUE_BYTES));
                continue;
            }
            if (connection.muted()) {
                continue;
            }
            if (connection.closing() && !connection.leaving) {
                connection.leaving = true;
                connection.deadline = soon(PATIENCE);
            }
            try {
                write(connection);
            } catch (NativeException e) {
                endAfterLastWords(connection);
            }
        }
    }

    private void attendToDeadlines() {
        if (acceptAgain != 0 && System.nanoTime() - acceptAgain >= 0) {
            acceptAgain = 0;
            poller.update(socket.fd(), Poller.IN);
        }
        long now = System.nanoTime();
        for (ServerConnection connection : new ArrayList<>(connections.values())) {
            if (connection.deadline == 0 || now - connection.deadline < 0) {
                continue;
            }
            if (connection.closing()) {
                end(connection);
            } else {
                violate(connection, "no whole message within %d ms".formatted(ControlServer.PATIENCE_MILLIS));
            }
        }
    }

    private Duration untilNextDeadline() {
        long now = System.nanoTime();
        long wait = lookAgain - now;
        if (acceptAgain != 0) {
            wait = Math.min(wait, acceptAgain - now);
        }
        for (ServerConnection connection : connections.values()) {
            if (connection.deadline != 0) {
                wait = Math.min(wait, connection.deadline - now);
            }
        }
        return changed.isEmpty() ? Duration.ofNanos(Math.max(0, wait)) : Duration.ZERO;
    }

    private void violate(ServerConnection connection, String why) {
        connection.abandon();
        try {
            listener.violated(connection, why);
        } catch (RuntimeException e) {
            report(e);
        }
        if (connection.attachment() == null) {
            end(connection);
        } else {
            // Whoever knows it decides about its end: a child that saw this one would end itself before its kill.
            connection.deadline = 0;
            connection.mute();
            watch(connection, 0);
        }
    }

    private void end(ServerConnection connection) {
        if (!connections.remove((long) connection.fd, connection)) {
            return;
        }
        connection.abandon();
        allInput -= connection.reader.held();
        poller.remove(connection.fd);
        Fd.close(connection.fd);
        try {
            listener.closed(connection);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    private static void report(RuntimeException e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }

    private static long soon(long nanos) {
        long instant = System.nanoTime() + nanos;
        return instant == 0 ? 1 : instant;
    }
}
