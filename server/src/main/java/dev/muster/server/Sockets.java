package dev.muster.server;

import dev.muster.ConnectionInfo;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebMessage;
import dev.muster.config.Settings;
import dev.muster.web.ConnectionDesk;
import dev.muster.web.WebHost;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The WebSockets of this worker.
///
/// **Threads:** handshakes and frames on the event loop; the rest from any.
final class Sockets implements ConnectionDesk {
    private static final Logger LOG = LoggerFactory.getLogger("dev.muster.server");
    private static final byte[] EMPTY = new byte[0];
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;
    private static final short RESTART = 1012;
    private static final short FAILED = 1011;

    private final Vertx vertx;
    private final WebHost host;
    private final Runners runners;
    private final Clients clients;
    private final Requests requests;
    private final List<ServerListener> listeners;
    private final boolean onLoop;
    private final int mostInMessage;
    private final long mostQueued;
    private final long pingNanos;
    private final boolean forwarded;
    private final List<String> origins;
    private final Map<Long, Socket> open = new ConcurrentHashMap<>();
    private final AtomicInteger telling = new AtomicInteger();
    private volatile boolean farewell;

    /// @param listeners that are told of them
    Sockets(
            Vertx vertx,
            WebHost host,
            Runners runners,
            Clients clients,
            Requests requests,
            List<ServerListener> listeners) {
        this.vertx = vertx;
        this.host = host;
        this.runners = runners;
        this.clients = clients;
        this.requests = requests;
        this.listeners = listeners;
        Settings settings = host.settings();
        onLoop = listeners.stream().allMatch(Audience::nonBlocking);
        mostInMessage = (int) settings.bytes("server.maxMessage");
        mostQueued = settings.bytes("server.maxQueued");
        pingNanos = TimeUnit.MILLISECONDS.toNanos(settings.millis("server.pingInterval"));
        forwarded = settings.flag("server.forwarded");
        origins = Arrays.stream(settings.text("server.origins").split(",", -1))
                .filter(origin -> !origin.isEmpty())
                .toList();
    }

    // ---- opening

    /// A request wants to become a WebSocket.
    void upgrade(HttpServerRequest request) {
        if (!Origin.allowed(request.headers(), origins, forwarded)) {
            request.response()
                    .setStatusCode(FORBIDDEN)
                    .end("pages from " + request.getHeader("Origin") + " may not open a WebSocket (server.origins)\n");
        } else if (requests.leaving() || host.condemned()) {
            request.response()
                    .setStatusCode(UNAVAILABLE)
                    .putHeader("Retry-After", "1")
                    .putHeader("Connection", "close")
                    .end("this worker is about to end\n");
        } else {
            HttpConnection connection = request.connection();
            request.toWebSocket().onSuccess(socket -> {
                // Nothing of it is a request any more.
                clients.becomesSocket(connection);
                opened(socket);
            });
        }
    }

    void opened(ServerWebSocket socket) {
        long id = host.nextConnection();
        String remote = Origin.of(socket.remoteAddress(), socket.headers(), forwarded);
        Socket opened = new Socket(this, id, socket, remote, mostQueued);
        WholeMessages.of(socket, mostInMessage, (reason, code) -> opened.close(code, reason));
        String name = requests.idOf(socket.headers());
        Received request = new Received("GET", socket.uri(), socket.headers(), () -> remote, () -> name, EMPTY, id);
        socket.closeHandler(_ -> {
            if (open.remove(id) != null) {
                int _ = telling.incrementAndGet();
                opened.readOn();
                // Behind what that has put in this queue: the messages that were read before the end.
                vertx.getOrCreateContext().runOnContext(_ -> closed(opened));
            }
        });
        open.put(id, opened);
        if (farewell) {
            // It came while all others were told.
            opened.close(RESTART, "restart");
        }
        socket.exceptionHandler(e -> {
            if (e instanceof CorruptedWebSocketFrameException corrupt) {
                opened.close(corrupt.closeStatus().code(), corrupt.closeStatus().reasonText());
            }
        });
        socket.pongHandler(_ -> opened.heard());
        socket.textMessageHandler(text -> message(opened, true, text.getBytes(StandardCharsets.UTF_8)));
        socket.binaryMessageHandler(data -> message(opened, false, data.getBytes()));
        for (ServerListener listener : listeners) {
            opened.event(() -> {
                try {
                    listener.onOpen(server(), request);
                } catch (Exception | Error e) {
                    opened.close(FAILED, "");
                    throw e;
                }
                return null;
            });
        }
    }

    private void closed(Socket socket) {
        for (ServerListener listener : listeners) {
            socket.event(() -> {
                listener.onClose(server(), socket.id());
                return null;
            });
        }
        int _ = telling.decrementAndGet();
    }

    private Server server() {
        return host.server();
    }

    private void message(Socket from, boolean text, byte[] data) {
        from.heard();
        WebMessage message = new WebMessage(from.id(), text, data);
        for (ServerListener listener : listeners) {
            from.event(data.length, () -> {
                listener.onMessage(server(), message);
                return null;
            });
        }
    }

    // ---- what the sockets need

    void run(Callable<?> events) {
        int _ = telling.incrementAndGet();
        runners.run(onLoop, events, _ -> {
            int _ = telling.decrementAndGet();
        });
    }

    /// Tells one event, watched.
    void tell(Socket of, Callable<?> event) {
        WebHost.Work work = of.begin(host);
        boolean failed = true;
        try {
            Object _ = event.call();
            failed = false;
        } catch (OutOfMemoryError e) {
            host.exhausted(e);
        } catch (Throwable e) {
            LOG.error("an event of connection {} failed", of.id(), e);
        } finally {
            work.end(failed);
        }
    }

    void later(long millis, Runnable action) {
        vertx.setTimer(millis, _ -> action.run());
    }

    void cut(ServerWebSocket socket) {
        var _ = ((WebSocketInternal) socket).channelHandlerContext().close();
    }

    /// How many of them have an event under way.
    int telling() {
        return telling.get();
    }

    boolean none() {
        return open.isEmpty();
    }

    /// Looks after those that are silent.
    void attend() {
        if (pingNanos > 0) {
            open.values().forEach(socket -> socket.attend(pingNanos));
        }
    }

    /// Says goodbye to all, spread over a time so that they do not come back all at once.
    void leave(long overMillis) {
        farewell = true;
        for (Socket socket : open.values()) {
            later(1 + ThreadLocalRandom.current().nextLong(overMillis + 1), () -> socket.close(RESTART, "restart"));
        }
    }

    // ---- ConnectionDesk

    @Override
    public boolean push(long id, boolean text, byte[] data) {
        Socket socket = open.get(id);
        return socket != null && socket.push(text, data);
    }

    @Override
    public int broadcast(boolean text, byte[] data) {
        int sent = 0;
        for (Socket socket : open.values()) {
            sent += socket.push(text, data) ? 1 : 0;
        }
        return sent;
    }

    @Override
    public boolean close(long id, int code, String reason) {
        Socket socket = open.get(id);
        if (socket == null) {
            return false;
        }
        socket.close(code, reason);
        return true;
    }

    @Override
    public boolean established(long id) {
        Socket socket = open.get(id);
        return socket != null && socket.established();
    }

    @Override
    public List<Long> all() {
        return List.copyOf(open.keySet());
    }

    @Override
    public Optional<ConnectionInfo> info(long id) {
        Socket socket = open.get(id);
        return socket == null
                ? Optional.empty()
                : Optional.of(socket.info(host.server().workerId()));
    }

    @Override
    public boolean bind(long id, String user) {
        Socket socket = open.get(id);
        if (socket == null) {
            return false;
        }
        socket.user(user);
        return true;
    }

    @Override
    public List<Long> of(String user) {
        return open.values().stream()
                .filter(socket -> socket.user().equals(user))
                .map(Socket::id)
                .toList();
    }
}
