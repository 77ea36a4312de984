package dev.muster.benchmarks;

import dev.muster.task.Broker.NewTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Durable tasks that do nothing: how quickly they are put on the queue, and how quickly two workers take a full queue
/// to its end. From the start of the first task until the store says that all are done. For SQLite beside the
/// [BareLoop], in turns.
///
/// Options: `stores` (see [Store#open]), `repeats` (each with a fresh application and a fresh store), `tasks`, `batch`
/// (how many are put on the queue at once), `workers`, `cache` (1: with the caches of the demo), `bare` (batches of the
/// bare loop on each of its tables, parted by commas; 0 for none).
public final class Drain {
    private static final int SINGLES = 1_000;

    private final Options options;
    private final Report report;
    private final String word;
    private final Rates single = new Rates();
    private final Rates batched = new Rates();
    private final List<Drained> drained = new ArrayList<>();
    private String circumstances = "";

    private Drain(Options options, Report report, String word) {
        this.options = options;
        this.report = report;
        this.word = word;
    }

    public static void main(String[] args) {
        Options options = new Options(
                args,
                Map.of(
                        "stores",
                        "power,process,redis,redis-aof,postgres",
                        "repeats",
                        5,
                        "tasks",
                        100_000,
                        "batch",
                        200,
                        "workers",
                        2,
                        "cache",
                        1,
                        "bare",
                        "64,256"));
        for (String word : options.words("stores")) {
            String name = "drain-" + word;
            Path work = Application.place(name);
            try (Report report = new Report(name, options, work)) {
                new Drain(options, report, word).run(name);
            }
        }
    }

    private void run(String name) {
        int batch = options.number("batch");
        int many = options.number("tasks") / batch * batch;
        int singles = Math.min(SINGLES, many);
        List<BareDrain> bare = new ArrayList<>();
        if (word.equals("process")) {
            options.words("bare").stream()
                    .map(Integer::valueOf)
                    .filter(size -> size > 0)
                    .forEach(size -> {
                        for (BareLoop.Table table : BareLoop.Table.values()) {
                            boolean _ = bare.add(new BareDrain(table, size, many + singles));
                        }
                    });
        }
        for (int i = 0; i < options.number("repeats"); i++) {
            try (Store store = Store.open(word);
                    Application application = new Application(name)) {
                once(store, application, singles, many, batch);
            }
            bare.forEach(loop -> loop.once(report));
        }
        say(singles, many, batch);
        bare.forEach(loop -> loop.say(report, drained));
    }

    private void say(int singles, int many, int batch) {
        String about = " | " + circumstances + " | repeats " + drained.size() + " | ";
        report.say("enqueue" + about + "one producer, one at a time | tasks " + singles + " | " + single);
        report.say("enqueue" + about + "one producer, batches of " + batch + " | tasks " + many + " | " + batched);
        report.say(String.format(
                Locale.ROOT,
                "drain%sworkers %d | tasks %d | %s | least share %.1f %% | CPU of the workers %.4f ms/task, of the"
                        + " store %.4f",
                about,
                options.number("workers"),
                many + singles,
                Rates.of(drained),
                drained.stream().mapToDouble(Drained::leastShare).min().orElse(0),
                drained.stream().mapToDouble(Drained::workersEach).average().orElse(0),
                drained.stream().mapToDouble(Drained::storeEach).average().orElse(0)));
    }

    private void once(Store store, Application application, int singles, int many, int batch) {
        store.configure(application);
        Application _ = application.set("tasks.workers", Integer.toString(options.number("workers")));
        try (TaskQueue queue = application.queue()) {
            circumstances = store.kind() + " " + queue.durability();
            enqueue(queue, singles, 1, single);
            enqueue(queue, many, batch, batched);
            report.load();
            Boot boot = options.flag("cache") ? Boot.CACHE : Boot.COLD;
            Drained all = Drained.by(application, boot, store, queue, many + singles, options.number("workers"));
            boolean _ = drained.add(all);
            report.raw(all + ", " + queue.counts());
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
}
