package dev.muster.system.outage;

import dev.muster.broker.redis.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A Redis that writes each change to its file before it answers.
record RedisStore(TestServer server, Path data) implements Store {
    static RedisStore start(Path place) throws IOException {
        Path data = Files.createDirectory(place.resolve("redis"));
        return new RedisStore(TestServer.durable(data), data);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public String url(int port) {
        return server.url(port);
    }

    @Override
    public String broker() {
        return "redis";
    }

    @Override
    public void stop() throws IOException {
        server.stop();
    }

    @Override
    public void again() throws IOException {
        server.again();
    }

    @Override
    public void replace() throws IOException {
        server.stop();
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        server.again();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
