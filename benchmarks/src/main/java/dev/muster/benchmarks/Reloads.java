package dev.muster.benchmarks;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Reloads, one after the other, while a producer puts tasks on the queue all the time: what is lost, what is started a
/// second time, and how long a reload takes.
///
/// Options: `reloads`, `workers`, `millis` (between two tasks).
public final class Reloads {
    private final Options options;
    private final Report report;
    private final Samples samples = new Samples();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicLong put = new AtomicLong();

    private Reloads(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Map.of("reloads", 100, "workers", 2, "millis", 10));
        try (Application application = new Application("reloads");
                Report report = new Report("reloads", options, application.directory())) {
            new Reloads(options, report).run(application);
        }
    }

    private void run(Application application) throws InterruptedException {
        Application _ = application.set("tasks.workers", Integer.toString(options.number("workers")));
        application.start(Boot.CACHE, null);
        Ledger ledger = new Ledger(application.directory());
        try (TaskQueue queue = application.queue()) {
            Thread producer = Thread.ofPlatform().start(() -> produce(queue));
            for (int i = 0; i < options.number("reloads"); i++) {
                long before = System.nanoTime();
                application.command("reload", Map.of("scope", ""));
                samples.add(System.nanoTime() - before);
                report.raw("reload " + i + " took " + (System.nanoTime() - before) + " ns, tasks so far " + put);
            }
            enough.set(true);
            producer.join();
            queue.awaitDone(put.get());
            QueueCounts counts = queue.counts();
            report.say("reloads under load | AOT cache | sqlite " + queue.durability() + " | workers "
                    + options.number("workers") + " | reloads " + samples.size() + " | p50 " + samples.millis(0.5)
                    + " ms | p99 " + samples.millis(0.99) + " ms | worst " + samples.millis(1) + " ms | tasks "
                    + put + " | lost " + (put.get() - counts.done()) + " | extra starts "
                    + (ledger.size() - put.get()) + " | other deaths than ordered ones "
                    + application.deaths().stream()
                            .filter(death -> !death.get("reason").asString().equals("REQUESTED"))
                            .count());
        }
        application.stop();
    }

    private void produce(TaskQueue queue) {
        long next = System.nanoTime();
        while (!enough.get()) {
            queue.put(List.of(
                    NewTask.of("default", "{\"task\":\"brief\",\"param\":[\"brief-" + put.getAndIncrement() + "\"]}")));
            next += Duration.ofMillis(options.number("millis")).toNanos();
            Clock.await(next);
        }
    }
}
