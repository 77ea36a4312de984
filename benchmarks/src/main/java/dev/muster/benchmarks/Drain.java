package dev.muster.benchmarks;

import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.task.Broker.NewTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Durable tasks that do nothing: how quickly they are put on the queue, and how quickly two workers take a full queue
/// to its end. From the start of the first task until the store says that all are done.
///
/// Options: `repeats` (each with a fresh application), `tasks`, `batch` (how many are put on the queue at once),
/// `workers`, `cache` (1: with the caches of the demo).
public final class Drain {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int SINGLES = 1_000;

    private final Options options;
    private final Report report;
    private final String durability;
    private final Rates single = new Rates();
    private final Rates batched = new Rates();
    private final Rates drained = new Rates();
    private double leastShare = 100;
    private double cpuMillis;

    private Drain(Options options, Report report, String durability) {
        this.options = options;
        this.report = report;
        this.durability = durability;
    }

    public static void main(String[] args) {
        Options options =
                new Options(args, Map.of("repeats", 5, "tasks", 100_000, "batch", 200, "workers", 2, "cache", 1));
        for (String durability : List.of("power", "process")) {
            String name = "drain-" + durability;
            Path work = Application.place(name);
            try (Report report = new Report(name, options, work)) {
                new Drain(options, report, durability).run(name);
            }
        }
    }

    private void run(String name) {
        int repeats = options.number("repeats");
        int batch = options.number("batch");
        int many = options.number("tasks") / batch * batch;
        int singles = Math.min(SINGLES, many);
        for (int i = 0; i < repeats; i++) {
            try (Application application = new Application(name)) {
                once(application, singles, many, batch);
            }
        }
        String circumstances = " | sqlite " + durability + " | repeats " + repeats + " | ";
        report.say("enqueue" + circumstances + "one producer, one at a time | tasks " + singles + " | " + single);
        report.say(
                "enqueue" + circumstances + "one producer, batches of " + batch + " | tasks " + many + " | " + batched);
        report.say(String.format(
                Locale.ROOT,
                "drain%sworkers %d | tasks %d | %s | least share %.1f %% | CPU of the workers %.3f ms/task",
                circumstances,
                options.number("workers"),
                many + singles,
                drained,
                leastShare,
                cpuMillis / repeats / (many + singles)));
    }

    private void once(Application application, int singles, int many, int batch) {
        Application _ = application.set("tasks.sqlite.durability", durability);
        Application _ = application.set("tasks.workers", Integer.toString(options.number("workers")));
        try (TaskQueue queue = application.queue()) {
            enqueue(queue, singles, 1, single);
            enqueue(queue, many, batch, batched);
            report.load();
            application.start(options.flag("cache") ? Boot.CACHE : Boot.COLD, null);
            drain(application, queue, many + singles);
        }
        application.stop();
    }

    private void enqueue(TaskQueue queue, int tasks, int batch, Rates rates) {
        List<NewTask> some = Collections.nCopies(batch, TaskQueue.task("noop"));
        long start = System.nanoTime();
        for (int done = 0; done < tasks; done += batch) {
            queue.put(some);
        }
        long nanos = System.nanoTime() - start;
        rates.add(tasks, nanos);
        report.raw("enqueued " + tasks + " in batches of " + batch + " in " + nanos + " ns");
    }

    private void drain(Application application, TaskQueue queue, int tasks) {
        awaitStarts(application, tasks);
        queue.awaitDone(tasks);
        long end = System.nanoTime();
        List<Tally> tallies = Tally.read(application.directory());
        long first = tallies.stream().mapToLong(Tally::first).min().orElse(end);
        long started = tallies.stream().mapToLong(Tally::count).sum();
        drained.add(tasks, end - first);
        report.raw("drained " + tasks + " in " + (end - first) + " ns, started " + started + ", " + queue.counts());
        for (Tally tally : tallies) {
            long used = ProcFs.stat(tally.pid()).map(ProcStat::cpuMillis).orElse(0L) - tally.cpuBefore();
            cpuMillis += used;
            leastShare = Math.min(leastShare, 100.0 * tally.count() / started);
            report.raw("worker " + tally.pid() + " started " + tally.count() + ", CPU " + used + " ms, the first "
                    + (tally.first() - first) + " ns after the first of all");
        }
        if (tallies.size() < options.number("workers")) {
            leastShare = 0;
        }
    }

    private static void awaitStarts(Application application, long tasks) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            List<Tally> tallies = Tally.read(application.directory());
            if (tallies.stream().mapToLong(Tally::count).sum() >= tasks) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not all tasks have started within " + LIMIT + ": " + tallies);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
