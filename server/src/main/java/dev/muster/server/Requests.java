package dev.muster.server;

import dev.muster.ServerListener;
import dev.muster.config.Settings;
import dev.muster.web.WebHost;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a request: admitted or answered 503, its body read within limits, handed to the routes or the listener,
/// watched until its answer is complete.
///
/// **Threads:** [#handle] on the event loop; the rest from any.
final class Requests implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.muster.server");
    private static final Set<String> OF_THE_BODY =
            Set.of("transfer-encoding", "trailer", "etag", "last-modified", "cache-control", "expires", "age");

    private final Vertx vertx;
    private final WebHost host;
    private final Runners runners;
    private final Clients clients;
    private final int most;
    private final long limitMillis;
    private final Bodies bodies;
    private final boolean forwarded;
    private final boolean accessLog;
    private final AtomicInteger inside = new AtomicInteger();
    /// Those that went to the routes, whose handlers may return before they answer.
    private final Set<Passage> routed = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private final String idPrefix;
    private final @Nullable ServerListener listener;
    private final boolean onLoop;
    private volatile boolean leaving;
    private @Nullable RouterEntry router;
    private @Nullable Sockets sockets;

    Requests(Vertx vertx, WebHost host, Runners runners, Clients clients, Audience audience) {
        this.vertx = vertx;
        this.host = host;
        this.runners = runners;
        this.clients = clients;
        Settings settings = host.settings();
        most = settings.number("server.maxRequests");
        long limit = settings.millis("server.requestTimeout");
        limitMillis = limit == 0 ? settings.millis("server.idleTimeout") : limit;
        bodies = new Bodies(vertx, settings, limitMillis);
        forwarded = settings.flag("server.forwarded");
        accessLog = settings.flag("server.accessLog");
        listener = audience.forRequests();
        onLoop = listener != null && Audience.nonBlocking(listener);
        idPrefix = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX) + "-"
                + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    }

    /// Requests go to the routes first.
    void through(RouterEntry entry) {
        router = entry;
    }

    /// Requests may become WebSockets.
    void upgrading(Sockets to) {
        sockets = to;
    }

    /// From now on each answer says that its connection ends with it; or no longer.
    void leaving(boolean value) {
        leaving = value;
    }

    boolean leaving() {
        return leaving;
    }

    /// Whether a listener wants the requests that no route takes.
    boolean listened() {
        return listener != null;
    }

    /// How many are under way.
    int inside() {
        return inside.get();
    }

    boolean logsAccess() {
        return accessLog;
    }

    String remote(HttpServerRequest request) {
        return Origin.of(request.remoteAddress(), request.headers(), forwarded);
    }

    /// The name of a request: what a proxy has given it, else one of our own.
    String idOf(MultiMap headers) {
        String given = Origin.requestId(headers);
        return given == null ? idPrefix + Long.toString(numbers.incrementAndGet(), Character.MAX_RADIX) : given;
    }

    /// @return how many are under way now
    int entered() {
        return inside.incrementAndGet();
    }

    void left(Passage passage) {
        boolean _ = routed.remove(passage);
        int _ = inside.decrementAndGet();
    }

    void later(long millis, Runnable action) {
        vertx.setTimer(millis, _ -> action.run());
    }

    /// How long a client may take nothing of its answer; half of what a request may last, so that its connection
    /// ends before its process would.
    long patienceNanos() {
        return TimeUnit.MILLISECONDS.toNanos(limitMillis / 2);
    }

    /// Looks at what routes have begun, once a second.
    void attend() {
        routed.forEach(Passage::look);
    }

    @Override
    public void handle(HttpServerRequest request) {
        Client client = clients.of(request);
        if (client != null && client.refused()) {
            // It stands behind a request that was not read to its end: where it begins is a guess.
            return;
        }
        Refusal broken = HeadRules.broken(request);
        Sockets upgrades = sockets;
        if (broken == null && upgrades != null && request.canUpgradeToWebSocket()) {
            upgrades.upgrade(request);
            return;
        }
        HttpServerResponse response = request.response();
        Passage passage = new Passage(this, request, client);
        int now = entered();
        response.endHandler(_ -> passage.answered());
        response.closeHandler(_ -> passage.answered());
        if (request.version() != HttpVersion.HTTP_2) {
            response.headersEndHandler(_ -> passage.head());
        }
        if (broken != null) {
            passage.refuse(broken);
        } else if (now > most || host.condemned()) {
            passage.refuse(Refusal.BUSY);
        } else {
            take(request, passage);
        }
    }

    private void take(HttpServerRequest request, Passage passage) {
        RouterEntry entry = router;
        if (entry == null) {
            bodies.read(request, passage, body -> toListener(request, passage, body, onLoop));
            return;
        }
        boolean _ = routed.add(passage);
        bodies.await(request, passage);
        entry.route(request, passage);
    }

    /// What no route took, or everything if there is none.
    ///
    /// @param here whether on the calling thread
    void toListener(HttpServerRequest request, Passage passage, byte[] body, boolean here) {
        ServerListener target = listener;
        if (target == null) {
            passage.refuse(Refusal.NOT_FOUND);
            return;
        }
        Received received = new Received(
                request.method().name(), request.uri(), request.headers(), () -> remote(request), passage::id, body, 0);
        Answer answer = new Answer(request.response(), passage);
        handle(request, passage, here, () -> {
            target.onRequest(host.server(), received, answer);
            answer.end();
            return null;
        });
    }

    /// Lets user code work on a request, watched.
    void handle(HttpServerRequest request, Passage passage, boolean here, Callable<?> code) {
        passage.begins();
        runners.run(here, code, thrown -> {
            try {
                if (thrown != null) {
                    failed(request, passage, thrown);
                }
            } finally {
                passage.handled();
            }
        });
    }

    /// The watch over a request.
    WebHost.Work begin(HttpServerRequest request) {
        return host.begin(() -> request.method() + " " + request.uri());
    }

    /// User code has thrown: the client gets the id of the request, the log the rest.
    void failed(HttpServerRequest request, Passage passage, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError memory) {
            host.exhausted(memory);
        }
        passage.failed();
        HttpServerResponse response = request.response();
        Refusal refusal;
        if (thrown instanceof Json.WrongBodyException wrong) {
            refusal = Refusal.wrong(wrong);
            LOG.debug("request {} is not as it should be", passage.id(), thrown);
        } else {
            refusal = Refusal.failed(passage.id());
            LOG.error("request {} ({} {}) failed", passage.id(), request.method(), request.path(), thrown);
        }
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            // The client must not take a part for the whole.
            passage.cut();
            return;
        }
        try {
            forget(response.headers());
            response.putHeader("Content-Type", "text/plain; charset=utf-8");
            passage.refuse(refusal);
        } catch (IllegalStateException _) {
            // Another thread of the application has answered meanwhile.
        }
    }

    /// Leaves no header that says something about a body which another one takes the place of: its length, its
    /// coding, or how long it may be kept.
    private static void forget(MultiMap headers) {
        for (String name : Set.copyOf(headers.names())) {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean policy = lower.startsWith("content-security-policy");
            if (lower.startsWith("content-") && !policy || OF_THE_BODY.contains(lower)) {
                headers.remove(name);
            }
        }
    }
}
