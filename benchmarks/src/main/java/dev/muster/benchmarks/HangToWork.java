package dev.muster.benchmarks;

import dev.muster.task.Broker.QueueCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// An endless loop in a task, from its limit until the only slot does other work that was waiting in the queue, in a
/// spare that is ready, or, where nothing is ready beforehand, in a process that starts then. Each time the thread dump
/// on disk must show the loop.
///
/// Options: `trials`, `seed`, `trace` (1: says where the time goes; the master records its history then).
public final class HangToWork {
    /// The method that both applications loop in.
    private static final String LOOP = ".endless(";

    private final Options options;
    private final Report report;
    private final Samples samples = new Samples();
    private final List<Phases.Span> spans = new ArrayList<>();
    private int dumps;

    private HangToWork(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    public static void main(String[] args) throws IOException {
        Options options = new Options(args, Map.of("trials", 100, "seed", 1, "trace", 0, "realistic", 0));
        for (Boot boot : Boot.values()) {
            String name = (options.flag("realistic") ? "realistic-" : "") + "hang-to-work-" + boot
                    + (options.flag("trace") ? "-phases" : "");
            try (Application application = new Application(name);
                    Report report = new Report(name, options, application.directory())) {
                new HangToWork(options, report).run(application, boot);
            }
        }
    }

    private void run(Application application, Boot replacement) throws IOException {
        Path trace = options.flag("trace") ? application.directory().resolve("trace") : null;
        Application _ = application.set("tasks.workers", "1");
        if (options.flag("realistic")) {
            application.startRealistic(replacement);
        } else {
            application.start(replacement, trace);
        }
        Ledger ledger = new Ledger(application.directory());
        int trials = options.number("trials");
        try (TaskQueue queue = application.queue()) {
            queue.put("note", "first");
            Ledger.Start _ = ledger.await("first", 1);
            for (int i = 0; i < trials; i++) {
                if (replacement == Boot.SPARE) {
                    application.awaitSpare();
                }
                trial(application, queue, ledger, i);
            }
            QueueCounts counts = queue.counts();
            report.say((options.flag("realistic") ? "realistic, " : "") + "hang to work | " + replacement + " | sqlite "
                    + queue.durability()
                    + " | limit " + MeasuredApp.LOOP_LIMIT + " ms | trials " + samples.size() + " | p50 "
                    + samples.millis(0.5) + " ms | p99 " + samples.millis(0.99) + " ms | worst " + samples.millis(1)
                    + " ms | dumps of the loop " + dumps + " | accepted " + counts.accepted() + " done "
                    + counts.done() + " dead " + counts.dead());
        }
        application.stop();
        if (trace != null) {
            List<String> events = replacement == Boot.SPARE ? List.of("TookUp") : Phases.BOOT;
            new Phases(trace, events).say(report, "limit", "task", spans);
        }
    }

    private void trial(Application application, TaskQueue queue, Ledger ledger, int number) throws IOException {
        queue.put("loop", "loop-" + number);
        Ledger.Start loop = ledger.await("loop-" + number, 1);
        queue.put("note", "other-" + number);
        long limit = loop.nanos() + Duration.ofMillis(MeasuredApp.LOOP_LIMIT).toNanos();
        Ledger.Start other = ledger.await("other-" + number, 1);
        if (other.pid() == loop.pid()) {
            throw new IllegalStateException("the loop in the worker " + loop.pid() + " did not keep it from working");
        }
        samples.add(other.nanos() - limit);
        boolean _ = spans.add(new Phases.Span(limit, other.nanos()));
        boolean dumped = dumped(application, loop.pid());
        dumps += dumped ? 1 : 0;
        report.raw("trial-" + number + " loop in " + loop.pid() + " other work in " + other.pid() + " after "
                + (other.nanos() - limit) + " ns, " + (dumped ? "dump" : "NO DUMP"));
        queue.awaitDone(number + 2L);
    }

    /// Whether the file that belongs to this death shows the loop.
    private static boolean dumped(Application application, long pid) throws IOException {
        JsonNode dump = application.awaitDeath(pid).get("dump");
        return !dump.isNull() && Files.readString(Path.of(dump.asString())).contains(LOOP);
    }
}
