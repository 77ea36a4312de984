package dev.muster.benchmarks;

import dev.muster.os.ProcFs;
import dev.muster.os.Signals;
import dev.muster.task.Broker.QueueCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The end of the only worker while it runs a task, until the same task runs again in the worker that takes its place:
/// a spare that is ready, or, where nothing is ready beforehand, a process that starts then.
///
/// Options: `store` (see [Store#open]), `boots` (what takes its place, parted by commas: `spare`, `cache`, `no-cache`),
/// `trials`, `seed`, `realistic` (1: the application with a web framework and an ORM), `ordered` (1: by the
/// command `kill`, from its beginning on; 0: by SIGKILL from outside), `trace` (1: says where the time goes; the master
/// records its history then).
public final class KillToRerun {
    /// A slot may be filled again twice a second; nearer kills would measure that.
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(1);

    private static final int LONGEST_WORK_MILLIS = 300;

    private final Options options;
    private final Report report;
    private final Samples samples = new Samples();
    private final Samples boot = new Samples();
    private final List<Phases.Span> spans = new ArrayList<>();
    private long lastKill = System.nanoTime();

    private KillToRerun(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    public static void main(String[] args) throws IOException {
        Options options = new Options(
                args,
                Map.of(
                        "store",
                        "power",
                        "boots",
                        "spare,cache,no-cache",
                        "trials",
                        200,
                        "seed",
                        1,
                        "trace",
                        0,
                        "ordered",
                        0,
                        "realistic",
                        0));
        for (String word : options.words("boots")) {
            Boot boot = Boot.of(word);
            String kept = options.word("store").equals("power") ? "" : options.word("store") + "-";
            String name = (options.flag("realistic") ? "realistic-" : "") + "kill-to-rerun-" + kept + boot
                    + (options.flag("ordered") ? "-ordered" : "")
                    + (options.flag("trace") ? "-phases" : "");
            try (Store store = Store.open(options.word("store"));
                    Application application = new Application(name);
                    Report report = new Report(name, options, application.directory())) {
                store.configure(application);
                new KillToRerun(options, report).run(store, application, boot);
            }
        }
    }

    private void run(Store store, Application application, Boot replacement) throws IOException {
        Path trace = options.flag("trace") ? application.directory().resolve("trace") : null;
        Application _ = application.set("tasks.workers", "1");
        if (options.flag("realistic")) {
            application.startRealistic(replacement);
        } else {
            application.start(replacement, trace);
        }
        Ledger ledger = new Ledger(application.directory());
        Random random = options.random();
        int trials = options.number("trials");
        try (TaskQueue queue = application.queue()) {
            queue.put("note", "first");
            long pid = ledger.await("first", 1).pid();
            if (Application.cached(pid) != replacement.cached()) {
                throw new IllegalStateException(
                        "the worker " + pid + (replacement.cached() ? " has no cache" : " has a cache"));
            }
            for (int i = 0; i < trials; i++) {
                if (replacement == Boot.SPARE) {
                    application.awaitSpare();
                }
                trial(application, queue, ledger, random, i);
            }
            if (options.flag("realistic")) {
                if (replacement == Boot.SPARE) {
                    application.awaitSpare();
                }
                memory(application, replacement);
            }
            say(store, replacement, queue, ledger, trials);
        }
        application.stop();
        explain(trace, replacement);
    }

    private void trial(Application application, TaskQueue queue, Ledger ledger, Random random, int number)
            throws IOException {
        String text = "trial-" + number;
        queue.put("hold", text);
        long pid = ledger.await(text, 1).pid();
        long work = Duration.ofMillis(random.nextInt(LONGEST_WORK_MILLIS)).toNanos();
        Clock.await(Math.max(lastKill + BETWEEN_KILLS.toNanos(), System.nanoTime() + work));
        lastKill = System.nanoTime();
        if (options.flag("ordered")) {
            application.command("kill", Map.of("slot", "0"));
        } else if (!Signals.send(pid, Signals.KILL)) {
            throw new IllegalStateException("the worker " + pid + " has ended by itself");
        }
        Ledger.Start again = ledger.await(text, 2);
        boot.add(ProcFs.stat(again.pid()).orElseThrow().cpuMillis() * 1_000_000);
        samples.add(again.nanos() - lastKill);
        boolean _ = spans.add(new Phases.Span(lastKill, again.nanos()));
        report.raw(
                text + " killed " + pid + " again in " + again.pid() + " after " + (again.nanos() - lastKill) + " ns");
        Path _ = Files.createFile(application.directory().resolve(text));
        queue.awaitDone(number + 2L);
    }

    private void memory(Application application, Boot replacement) {
        for (JsonNode row : application.ps()) {
            report.say(String.format(
                    Locale.ROOT,
                    "realistic, memory | %s | %s | PSS %.1f MB",
                    replacement,
                    row.get("name").asString(),
                    ProcFs.pssBytes(row.get("pid").asLong()).orElse(0L) / 1e6));
        }
    }

    private void say(Store store, Boot replacement, TaskQueue queue, Ledger ledger, int trials) {
        QueueCounts counts = queue.counts();
        long lost = counts.accepted() - counts.done();
        int extra = ledger.size() - (trials + 1);
        report.say((options.flag("realistic") ? "realistic, " : "") + "kill to rerun | "
                + (options.flag("ordered") ? "ordered" : "SIGKILL") + " | " + replacement
                + " | " + store.kind() + " " + queue.durability()
                + " | CPU of a boot p50 " + boot.millis(0.5) + " ms | trials " + samples.size() + " | p50 "
                + samples.millis(0.5) + " ms | p99 "
                + samples.millis(0.99) + " ms | worst " + samples.millis(1) + " ms | kills " + trials + " | lost "
                + lost + " | extra starts " + extra);
    }

    private void explain(@Nullable Path trace, Boot replacement) {
        if (trace != null) {
            List<String> events = replacement == Boot.SPARE ? List.of("Died", "TookUp") : Phases.BOOT;
            new Phases(trace, events).say(report, "kill", "task", spans);
        }
    }
}
