package dev.muster.server;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All connections, and how they are seen off: whoever sends a request is told that the next one needs a new
/// connection, HTTP/2 gets GOAWAY, and those who send nothing are closed after a grace.
///
/// **Threads:** any.
final class Clients {
    private final Door door;
    private final int mostInMessage;
    private final long stallNanos;
    private final boolean upgrades;
    private final Consumer<OutOfMemoryError> exhausted;
    /// By their channels: an address may be that of two connections, to two addresses of this machine.
    private final Map<Channel, Client> all = new ConcurrentHashMap<>();
    private final Map<HttpConnection, Client> speaking = new ConcurrentHashMap<>();
    private volatile boolean goingAway;

    /// @param mostInMessage bytes of a message of a WebSocket
    /// @param stallNanos how long a client may take nothing of its answer
    /// @param upgrades whether HTTP/1.1 may become HTTP/2
    /// @param exhausted told that there is no memory to read with
    Clients(Door door, int mostInMessage, long stallNanos, boolean upgrades, Consumer<OutOfMemoryError> exhausted) {
        this.stallNanos = stallNanos;
        this.door = door;
        this.mostInMessage = mostInMessage;
        this.upgrades = upgrades;
        this.exhausted = exhausted;
    }

    /// A connection was accepted.
    void accepted(Channel channel) {
        Traffic traffic = new Traffic(channel, exhausted);
        Client client = new Client(channel, traffic);
        channel.pipeline().addFirst(traffic);
        if (upgrades) {
            channel.pipeline().addLast(new CleartextUpgrade());
        }
        all.put(channel, client);
        door.entered();
        var _ = channel.closeFuture().addListener(_ -> {
            all.remove(channel);
            HttpConnection connection = client.connection();
            if (connection != null) {
                // Not by its close handler: that is the application's, if it wants one.
                speaking.remove(connection);
            }
            door.left();
        });
    }

    /// It speaks HTTP.
    void connected(HttpConnection connection) {
        Client client = all.get(
                ((HttpServerConnection) connection).channelHandlerContext().channel());
        if (client != null) {
            client.speaks(connection);
            client.boundInflation(mostInMessage);
            speaking.put(connection, client);
            if (goingAway) {
                client.goAwaySoon();
            }
        }
    }

    /// It carries a WebSocket from now on.
    void becomesSocket(HttpConnection connection) {
        Client client = speaking.remove(connection);
        if (client != null) {
            client.becomesSocket();
        }
    }

    /// Who has sent a request; null if the connection is gone already.
    @Nullable
    Client of(HttpServerRequest request) {
        return speaking.get(request.connection());
    }

    boolean none() {
        return all.isEmpty();
    }

    /// Those who speak HTTP/2, and who will, are to send nothing new on their connections.
    void goAway() {
        goingAway = true;
        all.values().forEach(Client::goAway);
    }

    /// New ones are welcome again.
    void stay() {
        goingAway = false;
    }

    void endHttp2(long idleNanos) {
        all.values().forEach(client -> client.endHttp2(idleNanos, stallNanos));
    }

    /// Closes those that have had no request under way for so long: also those who send one byte now and then, and
    /// never a request.
    void closeIdle(long nanos) {
        for (Client client : all.values()) {
            client.look();
            if (client.idle(nanos, stallNanos)) {
                client.close();
            }
        }
    }
}
