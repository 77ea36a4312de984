package dev.muster.probe;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// As much of HTTP/1.1 as probes need, on one thread. Slow, silent and numerous clients cost no thread: each connection
/// has a deadline and a small buffer, and when there are too many the oldest one ends, so that a new probe always gets
/// in.
///
/// **Threads:** [#serve] on one thread; [#end] from any. **Lifetime:** [#close] closes the port and what is connected.
/// **Failure:** what goes wrong with a connection ends that connection only.
public final class ProbeServer implements AutoCloseable {
    /// So many connections at most.
    static final int MOST = 64;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    /// For the connections that are there when the end comes.
    private static final long FAREWELL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long SHORTAGE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServerSocketChannel listening;
    private final Function<String, ProbeAnswer> answers;
    private final Selector selector;
    /// Oldest first.
    private final Deque<ProbeConnection> connections = new ArrayDeque<>();

    private volatile boolean ending;

    /// @param listening taken over
    /// @param answers to the path and query of a request; may block for a moment
    public ProbeServer(ServerSocketChannel listening, Function<String, ProbeAnswer> answers) throws IOException {
        this.listening = listening;
        this.answers = answers;
        this.selector = Selector.open();
        listening.configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT);
    }

    /// Makes [#serve] come to its end.
    public void end() {
        ending = true;
        selector.wakeup();
    }

    /// Serves until [#end], then answers those who are connected.
    public void serve() throws IOException {
        while (!ending) {
            turn(LIMIT_NANOS);
        }
        accept();
        listening.close();
        long until = System.nanoTime() + FAREWELL_NANOS;
        while (!connections.isEmpty() && System.nanoTime() - until < 0) {
            turn(until - System.nanoTime());
        }
    }

    private void turn(long longest) throws IOException {
        ProbeConnection oldest = connections.peekFirst();
        long wait = oldest == null ? longest : Math.min(longest, oldest.deadline() - System.nanoTime());
        if (wait > 0) {
            selector.select(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
        } else {
            selector.selectNow();
        }
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            if (key.isValid() && key.attachment() instanceof ProbeConnection connection) {
                proceed(key, connection);
            } else if (key.isValid() && !ending) {
                accept();
            }
        }
        long now = System.nanoTime();
        while (!connections.isEmpty() && connections.getFirst().deadline() - now <= 0) {
            drop(connections.getFirst());
        }
    }

    private void accept() {
        try {
            // Bounded, so that a flood of connections does not keep those that are there waiting.
            for (int i = 0; i < MOST; i++) {
                SocketChannel channel = listening.accept();
                if (channel == null) {
                    return;
                }
                channel.configureBlocking(false);
                ProbeConnection connection = new ProbeConnection(channel, System.nanoTime() + LIMIT_NANOS);
                connections.addLast(connection);
                proceed(channel.register(selector, SelectionKey.OP_READ, connection), connection);
                if (connections.size() > MOST) {
                    drop(connections.getFirst());
                }
            }
        } catch (IOException _) {
            // Out of descriptors, most likely: make room, and do not spin.
            if (!connections.isEmpty()) {
                drop(connections.getFirst());
            }
            LockSupport.parkNanos(SHORTAGE_PAUSE_NANOS);
        }
    }

    private void proceed(SelectionKey key, ProbeConnection connection) {
        try {
            int next = connection.proceed(answers);
            if (next == 0) {
                drop(connection);
            } else {
                key.interestOps(next);
            }
        } catch (IOException _) {
            drop(connection);
        }
    }

    private void drop(ProbeConnection connection) {
        connections.remove(connection);
        connection.close();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.forEach(ProbeConnection::close);
        selector.close();
    }
}
