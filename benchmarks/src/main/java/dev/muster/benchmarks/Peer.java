package dev.muster.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Another system that runs tasks; its program lies in `benchmarks/peers` and says what it is.
///
/// @param name of it and of its arrangement
/// @param durability what it loses when a worker is killed
/// @param store `redis` or `postgres`
/// @param tasks how many it is given; the slow ones get fewer
/// @param workers how many processes it is started with
/// @param program that fills its queue (`fill N`) and feeds it (`pace N`)
/// @param work its worker
/// @param backlog where its tasks lie: lists of Redis parted by blanks, or a statement that counts them
/// @param pace whether one task at a time is timed, and how
record Peer(
        String name,
        String durability,
        String store,
        int tasks,
        int workers,
        String program,
        String work,
        String backlog,
        Pace pace) {
    private static final Path PEERS = Path.of("benchmarks/peers").toAbsolutePath();

    /// How one task at a time is timed.
    enum Pace {
        /// It is sent by the program to a worker.
        WORKER,
        /// The program sends and runs it.
        PROGRAM,
        /// Not at all.
        NONE
    }

    /// All of them.
    static final List<Peer> ALL = List.of(
            new Peer(
                    "php",
                    "PHP, 2 x BRPOP | a task is lost with its process",
                    "redis",
                    100_000,
                    2,
                    "php {peers}/brpop.php {port}",
                    "php {peers}/brpop.php {port} work",
                    "async_task_queue",
                    Pace.WORKER),
            new Peer(
                    "sidekiq",
                    "Sidekiq, 2 x 10 threads | a task is lost with its process",
                    "redis",
                    100_000,
                    2,
                    "ruby {peers}/sidekiq_noop.rb",
                    "sidekiq -q default -c 10 -r {peers}/sidekiq_noop.rb",
                    "queue:default",
                    Pace.WORKER),
            new Peer(
                    "bullmq",
                    "BullMQ, 1 x 50 | a task runs again after 30 to 60 s",
                    "redis",
                    100_000,
                    1,
                    "node {peers}/bullmq.js {port}",
                    "node {peers}/bullmq.js {port} work",
                    "bull:noop:wait bull:noop:active",
                    Pace.WORKER),
            new Peer(
                    "celery",
                    "Celery, 2 children | a task is lost with its process",
                    "redis",
                    20_000,
                    1,
                    "/usr/bin/python3 {peers}/celery_noop.py",
                    "/usr/bin/python3 -m celery --app celery_noop worker --concurrency 2 --loglevel ERROR",
                    "celery",
                    Pace.WORKER),
            new Peer(
                    "db-scheduler",
                    "db-scheduler, 16 threads, lock and fetch | a task runs again after 30 min",
                    "postgres",
                    20_000,
                    1,
                    "{java} -Xmx256m -cp {jvm} dev.muster.benchmarks.peers.DbScheduler {jdbc}",
                    "{java} -Xmx256m -cp {jvm} dev.muster.benchmarks.peers.DbScheduler {jdbc} work",
                    "SELECT count(*) FROM scheduled_tasks",
                    Pace.PROGRAM),
            new Peer(
                    "jobrunr",
                    "JobRunr, 16 workers | a task runs again after about a minute",
                    "postgres",
                    2_000,
                    1,
                    "{java} -Xmx256m -cp {jvm} dev.muster.benchmarks.peers.JobRunrNoop {jdbc}",
                    "{java} -Xmx256m -cp {jvm} dev.muster.benchmarks.peers.JobRunrNoop {jdbc} work",
                    "SELECT count(*) FROM jobrunr_jobs WHERE state IN ('ENQUEUED', 'PROCESSING')",
                    Pace.NONE));

    /// The environment of its processes.
    static Map<String, String> environment(int port) {
        Map<String, String> environment = new HashMap<>();
        String _ = environment.put("REDIS_URL", "redis://127.0.0.1:" + port + "/0");
        String _ = environment.put("PYTHONPATH", PEERS.toString());
        String _ = environment.put("NODE_PATH", PEERS + "/target/npm/node_modules");
        return environment;
    }

    /// A command of it for a server on this port.
    static List<String> command(String words, int port, String... more) {
        List<String> command = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            boolean _ = command.add(word.replace("{peers}", PEERS.toString())
                    .replace("{port}", Integer.toString(port))
                    .replace("{java}", System.getProperty("java.home") + "/bin/java")
                    .replace("{jvm}", PEERS + "/java/target/classes:" + PEERS + "/java/target/lib/*")
                    .replace("{jdbc}", "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=bench"));
        }
        command.addAll(List.of(more));
        return command;
    }
}
