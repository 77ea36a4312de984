package dev.muster.server;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A connection, from the moment at which it was accepted: before it has sent anything, while it carries requests, and
/// as a WebSocket.
///
/// **Threads:** any.
final class Client {
    private static final long NO_ERROR = 0;
    /// After the settings, which come first.
    private static final long SETTINGS_MILLIS = 50;
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    /// How long one that was told that its answer is the last may take to close its connection.
    private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Channel channel;
    private final Traffic traffic;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile long idleSince = System.nanoTime();
    private volatile @Nullable HttpConnection connection;
    private volatile boolean socket;
    private volatile boolean refused;
    private volatile boolean last;
    /// How far it had come when that was looked at last.
    private volatile Traffic.Progress seen = Traffic.Progress.NONE;
    /// When it was told to go away, null if it was not.
    private volatile @Nullable Long told;

    Client(Channel channel, Traffic traffic) {
        this.channel = channel;
        this.traffic = traffic;
    }

    /// It speaks HTTP.
    void speaks(HttpConnection http) {
        connection = http;
    }

    /// Bounds the memory for what a message is inflated to, should it become a WebSocket.
    void boundInflation(int mostInMessage) {
        WholeMessages.boundInflation(channel, mostInMessage);
    }

    /// It is a WebSocket from now on, which others look after.
    void becomesSocket() {
        socket = true;
    }

    /// A request of HTTP/1 was answered before it was read: what comes behind it is not looked at, and the
    /// connection ends.
    void refuse() {
        refused = true;
    }

    boolean refused() {
        return refused;
    }

    void begins() {
        int _ = requests.incrementAndGet();
    }

    void ends() {
        idleSince = System.nanoTime();
        int _ = requests.decrementAndGet();
    }

    /// An answer says that it is the last one on this connection.
    void last() {
        last = true;
    }

    private boolean busy() {
        return socket || requests.get() > 0;
    }

    /// Looks how far it has come with its answers. One that has not taken all of them is not idle while it takes
    /// some.
    void look() {
        if (busy()) {
            return;
        }
        Traffic.Progress progress = traffic.progress();
        if (!progress.equals(seen)) {
            seen = progress;
            if (progress.owed()) {
                idleSince = System.nanoTime();
            }
        }
    }

    /// Whether it has had no request under way, and has not moved between two looks at it, for so long.
    ///
    /// @param stallNanos how long it may take nothing of what it has not taken
    boolean idle(long nanos, long stallNanos) {
        long patience = seen.owed() ? Math.max(nanos, stallNanos) : last ? Math.min(nanos, LAST_NANOS) : nanos;
        return !busy() && System.nanoTime() - idleSince >= patience;
    }

    private boolean http2() {
        HttpConnection http = connection;
        return http != null && http.protocolVersion() == HttpVersion.HTTP_2;
    }

    /// If it speaks HTTP/2, tells it to send nothing new; what it has sent meanwhile is answered all the same.
    @SuppressWarnings("deprecation") // its successor closes at once, and loses what has crossed the GOAWAY on its way
    void goAway() {
        HttpConnection http = connection;
        if (http != null && http2()) {
            told = null;
            http.goAway(NO_ERROR, Integer.MAX_VALUE);
            // Behind it: as long as the loop is late, so is the client.
            channel.eventLoop().execute(() -> told = System.nanoTime());
        }
    }

    /// The same, when it has come so far that it can be told.
    void goAwaySoon() {
        var _ = channel.eventLoop().schedule(this::goAway, SETTINGS_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Ends it if it speaks HTTP/2, was told to go away so long ago, and has had no request under way since:
    /// requests that have crossed the GOAWAY would be refused.
    void endHttp2(long nanos, long stallNanos) {
        HttpConnection http = connection;
        Long since = told;
        if (http == null || !http2() || since == null || System.nanoTime() - since < nanos) {
            return;
        }
        look();
        if (idle(nanos, stallNanos)) {
            // On the loop, which has read by then what has come meanwhile.
            channel.eventLoop().execute(() -> {
                look();
                if (idle(nanos, stallNanos)) {
                    http.shutdown(FAREWELL);
                }
            });
        }
    }

    @Nullable
    HttpConnection connection() {
        return connection;
    }

    /// Ends it at once, whatever waits to be sent: a close would wait for that in Vert.x.
    void cut() {
        channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
    }

    /// Ends it. What waits to be sent has waited for too long.
    void close() {
        if (traffic.progress().owed()) {
            cut();
            return;
        }
        var _ = channel.close();
    }
}
