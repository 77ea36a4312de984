package dev.muster.benchmarks.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// db-scheduler 16.7 on PostgreSQL, one process with 16 threads, which takes four times as many tasks at once (`lock
/// and fetch`, its fastest arrangement).
///
/// A task is as durable as the commits of the server. One whose process was killed runs again after some heartbeats are
/// missed, by default after 30 minutes.
///
/// Arguments: a JDBC address, then `fill N` (puts N tasks into the table), `work` (runs them, until it is killed), or
/// `pace N` (schedules N, one at a time with pauses of 2 to 20 ms, and runs them in the same process, where they begin
/// at once; the times from scheduling to start, in nanoseconds, go to the file `latency`).
public final class DbScheduler {
    private static final String TABLE = """
        CREATE TABLE IF NOT EXISTS scheduled_tasks(
          task_name text NOT NULL, task_instance text NOT NULL, task_data bytea, execution_time timestamptz NOT NULL,
          picked boolean NOT NULL, picked_by text, last_success timestamptz, last_failure timestamptz,
          consecutive_failures int, last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
          PRIMARY KEY(task_name, task_instance));
        CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks(execution_time);
        CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks(last_heartbeat)\
        """;
    private static final int BATCH = 1000;

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private static final OneTimeTask<Long> NOOP = Tasks.oneTime("noop", Long.class)
            .execute((task, _) -> {
                if (task.getData() != 0) {
                    note(System.nanoTime() - task.getData());
                    STARTED.set(true);
                }
            });

    private DbScheduler() {}

    public static void main(String[] args) throws SQLException {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(args[0]);
        source.setMaximumPoolSize(20);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        SchedulerClient client = SchedulerClient.Builder.create(source, NOOP).build();
        switch (args[1]) {
            case "fill" -> fill(client, Integer.parseInt(args[2]));
            case "work" -> scheduler(source).start();
            case "pace" -> pace(scheduler(source), Integer.parseInt(args[2]));
            default -> throw new IllegalArgumentException(args[1]);
        }
        if (!args[1].equals("work")) {
            source.close();
        }
    }

    private static Scheduler scheduler(HikariDataSource source) {
        return Scheduler.create(source, NOOP)
                .threads(16)
                .pollUsingLockAndFetch(1, 4)
                .pollingInterval(Duration.ofMillis(100))
                .enableImmediateExecution()
                .build();
    }

    private static void fill(SchedulerClient client, int count) {
        for (int from = 0; from < count; from += BATCH) {
            List<SchedulableInstance<?>> some = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + BATCH); i++) {
                some.add(SchedulableInstance.of(new TaskInstance<>("noop", Integer.toString(i), 0L), Instant.now()));
            }
            client.scheduleBatch(some);
        }
    }

    private static void pace(Scheduler scheduler, int count) {
        scheduler.start();
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2, 20)).toNanos());
            STARTED.set(false);
            scheduler.schedule(NOOP.instance("pace-" + i, System.nanoTime()), Instant.now());
            while (!STARTED.get()) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
        scheduler.stop();
    }

    private static void note(long nanos) {
        try {
            Files.write(
                    Path.of("latency"),
                    (nanos + "\n").getBytes(US_ASCII),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
