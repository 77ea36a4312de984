package dev.muster.broker.redis;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/// A real Redis of a test's own, or the one that `TEST_REDIS_URL` names, which is emptied then.
///
/// **Threads:** one. **Lifetime:** [#close] ends the process.
public final class TestServer implements AutoCloseable {
    private final @Nullable RedisServer own;
    private final String url;

    private TestServer(@Nullable RedisServer own, String url) {
        this.own = own;
        this.url = url;
    }

    /// One that keeps everything in memory, empty.
    public static TestServer start() throws IOException {
        String given = System.getenv("TEST_REDIS_URL");
        if (given != null) {
            TestServer server = new TestServer(null, given);
            server.empty();
            return server;
        }
        return start(RedisServer.newRedisServer().setting("appendonly no"));
    }

    /// One that writes each change to a file before it answers.
    ///
    /// @param directory for the file
    public static TestServer durable(Path directory) throws IOException {
        return start(RedisServer.newRedisServer()
                .setting("dir " + directory)
                .setting("appendonly yes")
                .setting("appendfsync always"));
    }

    /// One that asks for a password.
    public static TestServer guarded(String password) throws IOException {
        TestServer server =
                start(RedisServer.newRedisServer().setting("appendonly no").setting("requirepass " + password));
        return new TestServer(server.own, server.url.replace("redis://", "redis://:" + password + "@"));
    }

    private static TestServer start(RedisServerBuilder builder) throws IOException {
        int port = freePort();
        RedisServer server =
                builder.port(port).bind("127.0.0.1").setting("save \"\"").build();
        server.start();
        return new TestServer(server, "redis://127.0.0.1:" + port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Its address for `tasks.redis.url`.
    public String url() {
        return url;
    }

    /// Its port on the loopback interface; not of the one that `TEST_REDIS_URL` names.
    public int port() {
        return URI.create(url).getPort();
    }

    /// Its address by way of another port, as one of a line to it.
    public String url(int port) {
        return url.replaceFirst(":\\d+$", ":" + port);
    }

    /// Removes everything that it holds.
    public void empty() {
        try (RedisClient client = RedisClient.create(url)) {
            String _ = client.flushAll();
        }
    }

    /// Ends the process; [#again] starts it anew on the same port.
    public void stop() throws IOException {
        if (own == null) {
            throw new IllegalStateException("the server of TEST_REDIS_URL is not ours to stop");
        }
        own.stop();
    }

    /// Starts it once more.
    public void again() throws IOException {
        if (own != null) {
            own.start();
        }
    }

    @Override
    public void close() throws IOException {
        if (own != null) {
            own.stop();
        }
    }
}
