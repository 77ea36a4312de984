package dev.muster.system.ledger;

import dev.muster.system.SmallDisk;
import dev.muster.system.TaskQueue;
import dev.muster.testkit.Line;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A real store of tasks, and what can be done to it. The application reaches a server over a [Line], the test
/// directly.
///
/// **Threads:** one. **Lifetime:** [#close] ends the server and gives the disk back.
abstract class Store implements AutoCloseable {
    private static final String ROOMY = "size=2g";

    private final @Nullable SmallDisk disk;
    private final @Nullable Line line;

    Store(@Nullable SmallDisk disk, @Nullable Line line) {
        this.disk = disk;
        this.line = line;
    }

    /// Starts one.
    ///
    /// @param broker as `tasks.broker` names it
    /// @param directory for its files; they lie on a disk of their own where it is allowed to mount one
    static Store start(String broker, Path directory) throws IOException {
        Path place = directory.resolve("store");
        Optional<SmallDisk> disk = SmallDisk.mountIfAllowed(place, "2g");
        return switch (broker) {
            case "sqlite" -> new SqliteStore(place, disk.orElse(null));
            case "redis" -> RedisStore.start(place, disk.orElse(null));
            case "postgres" -> PostgresStore.start(place, disk.orElse(null));
            default -> throw new IllegalArgumentException("no store is called " + broker);
        };
    }

    /// What an application is told to reach it.
    abstract void tell(RunningApp app);

    /// The queue as the test sees it.
    ///
    /// @param directory of the test, for what the configuration wants to name
    abstract TaskQueue queue(Path directory);

    /// Ends the server and starts it again, or makes sure that it runs.
    abstract void restart() throws IOException;

    /// Whether there is a server.
    boolean served() {
        return line != null;
    }

    /// Whether its disk can be filled.
    boolean canBeFilled() {
        return disk != null;
    }

    Line line() {
        if (line == null) {
            throw new IllegalStateException("there is no line to a store without a server");
        }
        return line;
    }

    /// Leaves next to no room on its disk.
    void fill() throws IOException {
        disk().leave(64 << 10);
    }

    /// Gives it room again. A server that has ended for lack of it is started.
    void makeRoom() throws IOException {
        disk().change(ROOMY);
        if (served()) {
            restart();
        }
    }

    private SmallDisk disk() {
        if (disk == null) {
            throw new IllegalStateException("it was not allowed to mount a disk");
        }
        return disk;
    }

    /// Ends the server.
    abstract void end() throws IOException;

    @Override
    public void close() throws IOException {
        try {
            if (line != null) {
                line.close();
            }
            end();
        } finally {
            if (disk != null) {
                disk.close();
            }
        }
    }
}
