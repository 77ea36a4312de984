package dev.muster.benchmarks;

import dev.muster.os.ProcFs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// WebSockets beside Swoole, in turns: echoes of 64 connections, and pushes to 64 and to many, from the worker that was
/// asked and from a user process. Processor time is that of the server, all of its processes.
///
/// Options: `repeats`, `seconds` of echoes, `many` connections, `pushes` to them.
public final class SocketRates {
    private static final int PORT = 9_512;
    private static final int FEW = 64;
    private static final int SMALL_PUSHES = 2_000;

    private SocketRates() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Map.of("repeats", 3, "seconds", 5, "many", 10_000, "pushes", 30));
        try (Application application = new Application("sockets");
                Report report = new Report("sockets", options, application.directory())) {
            for (int i = 0; i < options.number("repeats"); i++) {
                for (int workers = 1; workers <= 2; workers++) {
                    muster(workers, options, report);
                    swoole(workers, options, report);
                }
            }
        }
    }

    private static void muster(int workers, Options options, Report report) throws IOException {
        try (Application application = new Application("sockets-push")) {
            Application _ = application
                    .web(PORT, workers)
                    .set("server.maxConnections", "20000")
                    .set("aot.enabled", "false");
            application.startClasses(Path.of("benchmarks/web/target/push").toAbsolutePath(), "PushApp");
            measure("muster, " + workers + " workers", application.pids(), options, report);
        }
    }

    private static void swoole(int workers, Options options, Report report) throws IOException, InterruptedException {
        try (@Nullable OtherServer server = OtherServer.swoole(PORT, "process", workers)) {
            if (server != null) {
                measure("swoole, " + workers + " workers", server.pids(), options, report);
            }
        }
    }

    private static void measure(String what, List<Long> pids, Options options, Report report) throws IOException {
        long nanos = TimeUnit.SECONDS.toNanos(options.number("seconds"));
        try (SocketClients clients = new SocketClients(PORT, FEW)) {
            long _ = clients.echo("x".repeat(64), nanos);
            long before = spent(pids);
            long count = clients.echo("x".repeat(64), nanos);
            report.say(String.format(
                    Locale.ROOT,
                    "%-18s echo of %d connections | %7.0f/s | %5.1f µs CPU each",
                    what,
                    FEW,
                    count * 1e9 / nanos,
                    (spent(pids) - before) * 1e3 / count));
            pushes(what, "all", FEW, SMALL_PUSHES, clients, pids, report);
            pushes(what, "process", FEW, SMALL_PUSHES, clients, pids, report);
        }
        int many = options.number("many");
        long before = resident(pids);
        try (SocketClients clients = new SocketClients(PORT, many)) {
            report.say(String.format(
                    Locale.ROOT,
                    "%-18s %d idle connections | %.1f KiB resident each",
                    what,
                    many,
                    (resident(pids) - before) / 1024.0 / many));
            pushes(what, "all", many, options.number("pushes"), clients, pids, report);
            pushes(what, "process", many, options.number("pushes"), clients, pids, report);
        }
    }

    private static void pushes(
            String what, String how, int to, int count, SocketClients clients, List<Long> pids, Report report)
            throws IOException {
        for (int i = 0; i < count / 2; i++) {
            long _ = clients.toAll(how);
        }
        long[] times = new long[count];
        long before = spent(pids);
        for (int i = 0; i < count; i++) {
            times[i] = clients.toAll(how);
        }
        long spent = spent(pids) - before;
        Arrays.sort(times);
        report.say(String.format(
                Locale.ROOT,
                "%-18s push to %d from %s | all have it p50 %.2f ms, p99 %.2f ms | %.0f deliveries/s | %.1f µs CPU"
                        + " each",
                what,
                to,
                how.equals("all") ? "a worker" : "a process",
                times[count / 2] / 1e6,
                times[count * 99 / 100] / 1e6,
                (double) to * count * 1e9 / Arrays.stream(times).sum(),
                spent * 1e3 / to / count));
    }

    private static long spent(List<Long> pids) {
        return pids.stream().mapToLong(ProcessorTime::ofFamily).sum();
    }

    private static long resident(List<Long> pids) {
        return pids.stream().mapToLong(pid -> ProcFs.pssBytes(pid).orElse(0L)).sum();
    }
}
