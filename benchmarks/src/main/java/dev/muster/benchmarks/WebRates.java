package dev.muster.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a request costs a web worker, on the event loop and on a virtual thread, beside Vert.x alone with the same
/// options of the virtual machine; wrk asks. One worker each, in turns; then two workers, and how they share.
///
/// Options: `repeats`, `seconds`, `connections`.
public final class WebRates {
    private static final int PORT = 9_511;
    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern BAD = Pattern.compile("Socket errors:.*|Non-2xx.*");
    private static final List<String> PATHS = List.of("/", "/json");

    private WebRates() {}

    /// What one run of wrk said.
    private record Run(long requests, double rate, String bad) {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Map.of("repeats", 3, "seconds", 8, "connections", 32));
        try (Application application = new Application("web");
                Report report = new Report("web", options, application.directory())) {
            for (int i = 0; i < options.number("repeats"); i++) {
                bare(options, report);
                muster("quick", "QuickApp", 1, options, report);
                muster("hello", "HelloApp", 1, options, report);
            }
            muster("quick", "QuickApp", 2, options, report);
            muster("hello", "HelloApp", 2, options, report);
        }
    }

    private static Path classes(String name) {
        return Path.of("benchmarks/web/target", name).toAbsolutePath();
    }

    private static void muster(String name, String main, int workers, Options options, Report report)
            throws IOException, InterruptedException {
        try (Application application = new Application("web-" + name)) {
            Application _ = application
                    .set("server.host", "127.0.0.1")
                    .set("server.port", Integer.toString(PORT))
                    .set("server.workers", Integer.toString(workers))
                    .set("aot.enabled", "false");
            application.startClasses(classes(name), main);
            List<Long> pids = new ArrayList<>();
            for (JsonNode row : application.ps()) {
                pids.add(row.get("pid").asLong());
            }
            measure("muster " + name + ", " + workers + " workers", pids, options, report);
        }
    }

    private static void bare(Options options, Report report) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms8m",
                "-Xmn4m",
                "-Xmx256m",
                "-XX:+UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=1",
                "-cp",
                classes("bare") + ":" + System.getProperty("java.class.path"),
                "BareVertx",
                Integer.toString(PORT)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String ready = out.readLine();
            if (!"ready".equals(ready)) {
                throw new IOException("the bare server says " + ready);
            }
            measure("vertx alone", List.of(process.pid()), options, report);
        } finally {
            process.destroyForcibly();
            int _ = process.waitFor();
        }
    }

    private static void measure(String what, List<Long> pids, Options options, Report report)
            throws IOException, InterruptedException {
        for (String path : PATHS) {
            Run _ = wrk(path, options);
            List<Long> before = pids.stream().map(ProcessorTime::ofFamily).toList();
            Run run = wrk(path, options);
            StringBuilder shares = new StringBuilder();
            long all = 0;
            for (int i = 0; i < pids.size(); i++) {
                long spent = ProcessorTime.ofFamily(pids.get(i)) - before.get(i);
                all += spent;
                shares.append(shares.isEmpty() ? "" : " / ").append(spent);
            }
            report.say(String.format(
                    Locale.ROOT,
                    "%-26s %-6s %7.0f requests/s  %5.1f µs CPU a request  (%s ms) %s",
                    what,
                    path,
                    run.rate(),
                    1_000.0 * all / run.requests(),
                    shares,
                    run.bad()));
        }
    }

    private static Run wrk(String path, Options options) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "-t1",
                        "-c" + options.number("connections"),
                        "-d" + options.number("seconds") + "s",
                        "http://127.0.0.1:" + PORT + path)
                .redirectErrorStream(true)
                .start();
        String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!wrk.waitFor(1, TimeUnit.MINUTES) || wrk.exitValue() != 0) {
            throw new IOException("wrk failed: " + said);
        }
        Matcher bad = BAD.matcher(said);
        return new Run(
                Long.parseLong(first(COUNT, said)),
                Double.parseDouble(first(RATE, said)),
                bad.find() ? bad.group() : "");
    }

    private static String first(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("wrk says nothing of " + pattern + ": " + text);
        }
        return matcher.group(1);
    }
}
