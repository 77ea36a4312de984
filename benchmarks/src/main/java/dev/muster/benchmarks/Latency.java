package dev.muster.benchmarks;

import dev.muster.task.Broker.NewTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// One task at a time on a system that is idle: from the call that enqueues it to its start in a worker. Between two
/// tasks there is a random pause. After each one a bare write is timed where the tasks are kept: a commit of one row,
/// or for Redis a command, over a connection of its own.
///
/// Options: `stores` (see [Store#open]), `tasks`, `warm` (tasks before them that are not counted, with short pauses:
/// until the code of both sides is compiled, a start takes up to twice as long), `pause` (the longest, in milliseconds;
/// the shortest is 2), `workers`, `seed`.
public final class Latency {
    private static final int SHORTEST_PAUSE = 2;
    private static final int PAUSE_WHILE_WARMING = 4;

    private final Options options;
    private final Report report;
    private final Samples samples = new Samples();
    private final Samples enqueue = new Samples();
    private final Samples bare = new Samples();

    private Latency(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(
                args,
                Map.of(
                        "stores",
                        "power,process,redis,redis-aof,postgres",
                        "tasks",
                        2_000,
                        "warm",
                        3_000,
                        "pause",
                        20,
                        "workers",
                        1,
                        "seed",
                        1));
        for (String word : options.words("stores")) {
            String name = "latency-" + word;
            try (Store store = Store.open(word);
                    Application application = new Application(name);
                    Report report = new Report(name, options, application.directory())) {
                new Latency(options, report).run(store, application);
            }
        }
    }

    /// Something that is timed, in nanoseconds.
    @FunctionalInterface
    private interface Timed {
        long time() throws SQLException;
    }

    private void run(Store store, Application application) throws Exception {
        store.configure(application);
        Application _ = application.set("tasks.workers", Integer.toString(options.number("workers")));
        switch (store) {
            case PostgresServer postgres -> {
                try (BareCommit commit = postgres.bareCommit()) {
                    measure(store, application, commit::time);
                }
            }
            case RedisServer redis -> measure(store, application, redis::bareCommand);
            case Store.SqliteFile sqlite -> {
                try (BareCommit commit = bareFile(application.directory(), sqlite.durability())) {
                    measure(store, application, commit::time);
                }
            }
            default -> throw new IllegalStateException("no bare write is known for " + store.kind());
        }
    }

    private void measure(Store store, Application application, Timed write) throws SQLException {
        Arrivals arrivals = new Arrivals(application.directory());
        application.start(Boot.CACHE, null);
        Random random = options.random();
        int warm = options.number("warm");
        try (TaskQueue queue = application.queue()) {
            for (int i = 0; i < warm + options.number("tasks"); i++) {
                int longest = i < warm ? PAUSE_WHILE_WARMING : options.number("pause");
                pause(random, longest);
                long before = System.nanoTime();
                queue.put(List.of(NewTask.of("default", "{\"task\":\"stamp\",\"param\":[" + i + "]}")));
                long accepted = System.nanoTime();
                long started = arrivals.await(i);
                pause(random, longest);
                long alone = write.time();
                if (i >= warm) {
                    samples.add(started - before);
                    enqueue.add(accepted - before);
                    bare.add(alone);
                    report.raw("task " + i + " started after " + (started - before) + " ns, enqueue took "
                            + (accepted - before) + " ns, the bare write " + alone + " ns");
                }
            }
            report.say("latency | " + store.kind() + " " + queue.durability() + " | workers "
                    + options.number("workers") + " | tasks " + samples.size() + " | enqueue to start "
                    + samples.precise() + " | of it the call " + enqueue.precise() + " | bare write "
                    + bare.precise());
        }
        application.stop();
    }

    private static void pause(Random random, int longest) {
        Clock.await(Duration.ofMillis(random.nextInt(SHORTEST_PAUSE, 1 + longest)));
    }

    private static BareCommit bareFile(Path directory, String durability) throws Exception {
        Path _ = Files.createDirectories(directory);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("bare.db"));
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("PRAGMA journal_mode=WAL");
            boolean _ = statement.execute("PRAGMA synchronous=" + (durability.equals("power") ? "FULL" : "NORMAL"));
            boolean _ = statement.execute("CREATE TABLE bare(n INTEGER)");
        }
        return new BareCommit(connection, connection.prepareStatement("INSERT INTO bare VALUES (?)"));
    }
}
