package dev.muster.system.ledger;

import dev.muster.system.SmallDisk;
import dev.muster.system.TaskQueue;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file: it has no server that could be restarted, and no line that could be cut.
final class SqliteStore extends Store {
    private final Path file;

    SqliteStore(Path place, @Nullable SmallDisk disk) {
        super(disk, null);
        this.file = place.resolve("queue.db");
    }

    @Override
    void tell(RunningApp app) {
        RunningApp _ = app.set("tasks.broker", "sqlite").set("tasks.sqlite.file", file.toString());
    }

    @Override
    TaskQueue queue(Path directory) {
        return TaskQueue.in(directory, directory, "tasks.sqlite.file=" + file);
    }

    @Override
    void restart() {
        throw new IllegalStateException("a file cannot be restarted");
    }

    @Override
    void end() {
        // There is nothing to end.
    }
}
