package dev.muster.system.ledger;

import dev.muster.broker.redis.TestServer;
import dev.muster.system.SmallDisk;
import dev.muster.system.TaskQueue;
import dev.muster.testkit.Line;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A Redis that writes each change to its file before it answers.
final class RedisStore extends Store {
    private final TestServer server;
    private final Line line;

    private RedisStore(TestServer server, Line line, @Nullable SmallDisk disk) {
        super(disk, line);
        this.server = server;
        this.line = line;
    }

    static RedisStore start(Path place, @Nullable SmallDisk disk) throws IOException {
        TestServer server = TestServer.durable(place);
        return new RedisStore(server, Line.to(URI.create(server.url()).getPort()), disk);
    }

    @Override
    void tell(RunningApp app) {
        RunningApp _ = app.set("tasks.broker", "redis").set("tasks.redis.url", "redis://127.0.0.1:" + line.port());
    }

    @Override
    TaskQueue queue(Path directory) {
        return TaskQueue.in(directory, directory, "tasks.broker=redis", "tasks.redis.url=" + server.url());
    }

    @Override
    void restart() throws IOException {
        server.stop();
        server.again();
    }

    @Override
    void end() throws IOException {
        server.close();
    }
}
