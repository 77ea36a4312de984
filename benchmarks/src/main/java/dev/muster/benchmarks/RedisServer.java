package dev.muster.benchmarks;

import java.nio.file.Path;
import java.util.List;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/// The `redis-server` of this machine, on a port of its own.
///
/// **Threads:** one. **Lifetime:** ends with [#close], or with this JVM at the latest.
final class RedisServer implements Store {
    private final ServerProcess process;
    private final int port;
    private final RedisClient client;

    private RedisServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
        this.client = RedisClient.create(url());
    }

    /// @param appendOnly whether a file keeps all changes, forced to the disk once a second; else nothing does
    static RedisServer start(Path directory, boolean appendOnly) {
        int port = ServerProcess.freePort();
        ServerProcess process = ServerProcess.start(
                directory,
                List.of(
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--dir",
                        directory.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        appendOnly ? "yes" : "no"));
        RedisServer server = new RedisServer(process, port);
        process.await("an answer of redis-server", server::answers);
        return server;
    }

    private boolean answers() {
        try {
            return client.ping().equals("PONG");
        } catch (JedisException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    private String url() {
        return "redis://127.0.0.1:" + port;
    }

    /// How long some lists are together.
    long length(List<String> lists) {
        return lists.stream().mapToLong(client::llen).sum();
    }

    /// How long a bare command takes, in nanoseconds.
    long bareCommand() {
        long start = System.nanoTime();
        long _ = client.incr("bare");
        return System.nanoTime() - start;
    }

    @Override
    public String kind() {
        return "redis";
    }

    @Override
    public void configure(Application application) {
        Application _ = application.set("tasks.broker", "redis").set("tasks.redis.url", url());
    }

    @Override
    public long cpuMillis() {
        return process.cpuMillis();
    }

    @Override
    public void close() {
        client.close();
        process.close();
    }
}
