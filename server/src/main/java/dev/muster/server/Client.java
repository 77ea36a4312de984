package dev.muster.server;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.atomic.AtomicInteger;

/// A connection that carries requests.
///
/// **Threads:** any.
final class Client {
    private final HttpConnection connection;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile long idleSince = System.nanoTime();

    Client(HttpConnection connection) {
        this.connection = connection;
    }

    void begins() {
        int _ = requests.incrementAndGet();
    }

    void ends() {
        idleSince = System.nanoTime();
        int _ = requests.decrementAndGet();
    }

    /// Whether it has had no request under way for so long.
    boolean idle(long nanos) {
        return requests.get() <= 0 && System.nanoTime() - idleSince >= nanos;
    }

    boolean http2() {
        return connection.protocolVersion() == HttpVersion.HTTP_2;
    }

    HttpConnection connection() {
        return connection;
    }
}
