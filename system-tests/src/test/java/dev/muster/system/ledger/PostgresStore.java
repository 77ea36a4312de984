package dev.muster.system.ledger;

import dev.muster.broker.postgres.TestServer;
import dev.muster.system.SmallDisk;
import dev.muster.system.TaskQueue;
import dev.muster.testkit.Line;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL that has each commit in its log before it answers.
final class PostgresStore extends Store {
    private final TestServer server;
    private final Line line;

    private PostgresStore(TestServer server, Line line, @Nullable SmallDisk disk) {
        super(disk, line);
        this.server = server;
        this.line = line;
    }

    static PostgresStore start(Path place, @Nullable SmallDisk disk) throws IOException {
        TestServer server = TestServer.start(place);
        return new PostgresStore(server, Line.to(port(server)), disk);
    }

    private static int port(TestServer server) {
        return URI.create(server.url()).getPort();
    }

    @Override
    void tell(RunningApp app) {
        String url = server.url().replace(":" + port(server) + "/", ":" + line.port() + "/");
        RunningApp _ = app.set("tasks.broker", "postgres").environment("MUSTER_TASKS_POSTGRES_URL", url);
    }

    @Override
    TaskQueue queue(Path directory) {
        return TaskQueue.in(directory, directory, "tasks.broker=postgres", "tasks.postgres.url=" + server.url());
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
