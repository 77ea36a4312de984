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

/// Pipes, messages and immediate tasks between processes, and the same work in C, before and after; tasks also in
/// Swoole, if `-Dmuster.swoole` says where it is.
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
            inSwoole(options, report);
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
        run(List.of(program.toString(), Integer.toString(options.number("repeats"))), report);
    }

    private static void inSwoole(Options options, Report report) throws IOException, InterruptedException {
        String extension = System.getProperty("muster.swoole", "");
        if (!extension.isEmpty()) {
            run(
                    List.of(
                            "php",
                            "-d",
                            "extension=" + extension,
                            "benchmarks/talking/src/main/php/tasks.php",
                            Integer.toString(options.number("repeats")),
                            Integer.toString(options.number("workers"))),
                    report);
        }
    }

    private static void run(List<String> command, Report report) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.inputReader().lines().forEach(report::say);
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }
}
