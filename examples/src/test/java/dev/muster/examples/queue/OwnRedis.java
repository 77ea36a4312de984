package dev.muster.examples.queue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/// A real Redis of a test's own, which writes each change to a file before it answers.
///
/// **Threads:** one. **Lifetime:** [#close] ends the process.
final class OwnRedis implements AutoCloseable {
    private final RedisServer server;
    private final RedisClient client;

    private OwnRedis(RedisServer server, RedisClient client) {
        this.server = server;
        this.client = client;
    }

    /// @param directory for the file
    static OwnRedis start(Path directory) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        RedisServer server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .setting("dir " + directory)
                .setting("appendonly yes")
                .setting("appendfsync always")
                .build();
        server.start();
        return new OwnRedis(server, RedisClient.create("127.0.0.1", port));
    }

    RedisClient client() {
        return client;
    }

    void stop() throws IOException {
        server.stop();
    }

    void again() throws IOException {
        server.start();
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.stop();
    }
}
