package dev.muster.server;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// All connections that carry requests, and how they are seen off: whoever sends a request is told that the next one
/// needs a new connection, HTTP/2 gets GOAWAY, and those who send nothing are closed after a grace.
///
/// **Threads:** any.
final class Clients {
    private final Door door;
    private final Map<HttpConnection, Client> clients = new ConcurrentHashMap<>();

    Clients(Door door) {
        this.door = door;
    }

    void connected(HttpConnection connection) {
        clients.put(connection, new Client(connection));
        door.entered();
        connection.closeHandler(_ -> gone(connection));
        connection.exceptionHandler(_ -> {});
    }

    /// It is gone, or carries a WebSocket from now on.
    void gone(HttpConnection connection) {
        if (clients.remove(connection) != null) {
            door.left();
        }
    }

    /// A request has come.
    ///
    /// @param passage its way
    void sends(HttpServerRequest request, Passage passage) {
        Client client = clients.get(request.connection());
        if (client != null) {
            client.begins();
            passage.onGone(client::ends);
        }
    }

    boolean none() {
        return clients.isEmpty();
    }

    /// Tells those who speak HTTP/2 to send nothing new; what they have sent is answered.
    void goAway(long graceNanos) {
        for (Client client : clients.values()) {
            if (client.http2()) {
                client.connection().shutdown(Duration.ofNanos(Math.max(graceNanos, TimeUnit.SECONDS.toNanos(1))));
            }
        }
    }

    /// Closes those that have had no request under way for so long: also those who send one byte now and then, and never
    /// a request.
    void closeIdle(long nanos) {
        for (Client client : clients.values()) {
            if (client.idle(nanos)) {
                client.connection().close();
            }
        }
    }
}
