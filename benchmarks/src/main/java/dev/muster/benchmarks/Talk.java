package dev.muster.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Pipes, messages and immediate tasks between processes, and the same work in C, before and after.
///
/// Options: `repeats`, `workers` (task workers), `scale` (divides the counts).
public final class Talk {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Talk() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Map.of("repeats", 5, "workers", 1, "scale", 1));
        String name = "talk-" + options.number("workers");
        try (Application application = new Application(name);
                Report report = new Report(name, options, application.directory())) {
            inC(options, report);
            Application _ = application.set("tasks.workers", Integer.toString(options.number("workers")));
            application.startTalking(options.number("repeats"), options.number("scale"));
            report.load();
            figures(application).forEach(report::say);
            application.stop();
            inC(options, report);
        }
    }

    private static List<String> figures(Application application) {
        Path figures = application.directory().resolve("figures");
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(figures)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no figures within " + LIMIT);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        try {
            return Files.readAllLines(figures);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void inC(Options options, Report report) throws IOException, InterruptedException {
        Path program = Distribution.current().talking().resolve("pipes");
        Process process = new ProcessBuilder(program.toString(), Integer.toString(options.number("repeats")))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.inputReader().lines().forEach(report::say);
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(program + " failed");
        }
    }
}
