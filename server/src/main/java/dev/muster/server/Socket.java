package dev.muster.server;

import dev.muster.ConnectionInfo;
import dev.muster.web.WebHost;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// One WebSocket: its events in their order, one at a time, and what waits to be sent.
///
/// **Threads:** any.
final class Socket {
    /// Events that may wait before the client is not read any more, and how few must be left to read on.
    private static final int MOST_EVENTS = 64;
    private static final int FEW_EVENTS = 16;

    private static final short TRY_AGAIN_LATER = 1013;
    /// A client that does not answer to a close within this time is cut off.
    private static final long FAREWELL_MILLIS = 2_000;

    private final Sockets sockets;
    private final long id;
    private final ServerWebSocket socket;
    private final String remote;
    private final Instant openedAt = Instant.now();
    private final QueuedBytes queued;
    private final Deque<Event> events = new ArrayDeque<>();
    private final long mostBytes;
    private volatile long heard = System.nanoTime();
    private volatile String user = "";
    private volatile boolean closing;
    // All guarded by `events`.
    private long eventBytes;
    private boolean running;
    private boolean halted;
    private boolean ended;

    private record Event(int bytes, Callable<?> action) {}

    /// @param mostBytes that may wait to be sent, as [QueuedBytes] counts them, and of messages to be told
    Socket(Sockets sockets, long id, ServerWebSocket socket, String remote, long mostBytes) {
        this.mostBytes = mostBytes;
        queued = new QueuedBytes(mostBytes);
        this.sockets = sockets;
        this.id = id;
        this.socket = socket;
        this.remote = remote;
    }

    long id() {
        return id;
    }

    String user() {
        return user;
    }

    void user(String value) {
        user = value;
    }

    boolean established() {
        return !closing && !socket.isClosed();
    }

    ConnectionInfo info(int slot) {
        Instant last = Instant.now().minusNanos(System.nanoTime() - heard);
        return new ConnectionInfo(id, slot, remote, socket.path(), openedAt, last, user, queued.sum());
    }

    // ---- sending

    /// @return false if it is closing or closed, or too slow and therefore closed
    boolean push(boolean text, byte[] data) {
        if (closing) {
            return false;
        }
        boolean room;
        boolean sent = false;
        // They are counted in the order in which they are sent; and a long message is several frames, between which
        // nobody else's may come.
        synchronized (queued) {
            room = queued.add(data.length);
            if (room) {
                sent = send(text, data);
            }
        }
        if (!room) {
            close(TRY_AGAIN_LATER, "too slow");
        }
        return sent;
    }

    /// @return false if its client has closed it
    private boolean send(boolean text, byte[] data) {
        Future<Void> sent = text
                ? socket.writeTextMessage(new String(data, StandardCharsets.UTF_8))
                : socket.writeBinaryMessage(Buffer.buffer(data));
        if (sent.failed()) {
            queued.removeLast();
            return false;
        }
        var _ = sent.onComplete(_ -> queued.removeFirst());
        return true;
    }

    void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        socket.close((short) code, reason);
        sockets.later(FAREWELL_MILLIS, this::cut);
    }

    /// Ends it without a word, if it has not ended. Vert.x calls it closed from the close frame of its client on,
    /// though ours may wait for ever behind what is not taken.
    private void cut() {
        sockets.cut(socket);
    }

    // ---- hearing

    void heard() {
        heard = System.nanoTime();
    }

    /// Asks a silent client for a sign of life, and gives up one that has been silent for two of these times.
    void attend(long pingNanos) {
        synchronized (events) {
            if (halted) {
                // It is we who do not read it.
                heard();
                return;
            }
        }
        long silent = System.nanoTime() - heard;
        if (silent > 2 * pingNanos + TimeUnit.SECONDS.toNanos(1)) {
            closing = true;
            cut();
        } else if (silent > pingNanos) {
            socket.writePing(Buffer.buffer());
        }
    }

    // ---- events

    /// Tells an event when those before it are over.
    void event(Callable<?> event) {
        event(0, event);
    }

    /// The same.
    ///
    /// @param bytes that it keeps in memory until it is told
    void event(int bytes, Callable<?> event) {
        synchronized (events) {
            events.addLast(new Event(bytes, event));
            eventBytes += bytes;
            if (!halted && !ended && (events.size() > MOST_EVENTS || eventBytes > mostBytes)) {
                halted = true;
                socket.pause();
            }
            if (running) {
                return;
            }
            running = true;
        }
        sockets.run(() -> {
            work();
            return null;
        });
    }

    /// It has ended: what was read before, and lies where nobody takes it while the client is not read, comes as
    /// events now, whatever their number. Vert.x hands it over from a task of its event loop.
    void readOn() {
        synchronized (events) {
            ended = true;
            halted = false;
        }
        socket.resume();
    }

    private void work() {
        while (true) {
            Event next;
            synchronized (events) {
                next = events.pollFirst();
                if (next == null) {
                    running = false;
                    return;
                }
                eventBytes -= next.bytes();
                if (halted && events.size() <= FEW_EVENTS && eventBytes <= mostBytes / 2) {
                    halted = false;
                    socket.resume();
                }
            }
            sockets.tell(this, next.action());
        }
    }

    /// What the watch over its events shows.
    WebHost.Work begin(WebHost host) {
        return host.begin(() -> "event of connection " + id);
    }
}
