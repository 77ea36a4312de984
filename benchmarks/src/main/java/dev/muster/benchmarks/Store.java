package dev.muster.benchmarks;

import java.nio.file.Path;

/// What keeps the tasks that are measured: a server of the benchmark's own, empty, or a file.
///
/// **Threads:** one. **Lifetime:** [#close] ends the server and removes what it has kept.
interface Store extends AutoCloseable {
    /// Opens one by the word that options know it by.
    ///
    /// - `power`, `process`: SQLite with that durability;
    /// - `redis`: Redis that writes nothing to the disk, as the peers are usually measured; `redis-aof`: with
    ///   an append-only file that is forced to the disk every second;
    /// - `postgres`: PostgreSQL with its defaults, so that each commit is on the disk.
    static Store open(String word) {
        Path directory = Application.emptyPlace("store-" + word);
        return switch (word) {
            case "power", "process" -> new SqliteFile(word);
            case "redis" -> RedisServer.start(directory, false);
            case "redis-aof" -> RedisServer.start(directory, true);
            case "postgres" -> PostgresServer.start(directory);
            default ->
                throw new IllegalArgumentException(
                        "'" + word + "' is no store; there are: power, process, redis, redis-aof, postgres");
        };
    }

    /// `sqlite`, `redis` or `postgres`.
    String kind();

    /// Makes it the store of an application.
    void configure(Application application);

    /// The processor time that it has taken so far, in milliseconds; 0 if it has no process.
    long cpuMillis();

    @Override
    void close();

    /// SQLite works in the processes of the application.
    ///
    /// @param durability `power` or `process`
    record SqliteFile(String durability) implements Store {
        @Override
        public String kind() {
            return "sqlite";
        }

        @Override
        public void configure(Application application) {
            Application _ = application.set("tasks.sqlite.durability", durability);
        }

        @Override
        public long cpuMillis() {
            return 0;
        }

        @Override
        public void close() {
            // Its file lies in the data directory of the application.
        }
    }
}
