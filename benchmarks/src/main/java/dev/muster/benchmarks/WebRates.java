package dev.muster.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a request costs a web worker, on the event loop and on a virtual thread, beside Vert.x alone and other servers
/// with the same options of the virtual machine, and beside Swoole if `-Dmuster.swoole` says where it is; wrk asks. In
/// turns, with one worker and with two, and how those share.
///
/// Options: `repeats`, `warm` seconds before the first figure of a server, `seconds` of each, `connections`.
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
        Options options = new Options(args, Map.of("repeats", 3, "warm", 20, "seconds", 8, "connections", 32));
        try (Application application = new Application("web");
                Report report = new Report("web", options, application.directory())) {
            for (int i = 0; i < options.number("repeats"); i++) {
                try (OtherServer vertx = OtherServer.java(
                        "BareVertx", classes("bare") + ":" + System.getProperty("java.class.path"), PORT)) {
                    measure("vertx alone", vertx.pids(), options, report);
                }
                muster("quick", "QuickApp", 1, options, report);
                muster("hello", "HelloApp", 1, options, report);
                swoole("base", 1, options, report);
                swoole("process", 1, options, report);
                java("netty alone", "BareNetty", options, report);
                java("undertow", "BareUndertow", options, report);
                java("javalin", "BareJavalin", options, report);
                muster("quick", "QuickApp", 2, options, report);
                muster("hello", "HelloApp", 2, options, report);
                swoole("base", 2, options, report);
                swoole("process", 2, options, report);
            }
        }
    }

    private static Path classes(String name) {
        return Path.of("benchmarks/web/target", name).toAbsolutePath();
    }

    private static void muster(String name, String main, int workers, Options options, Report report)
            throws IOException, InterruptedException {
        try (Application application = new Application("web-" + name)) {
            Application _ = application.web(PORT, workers).set("aot.enabled", "false");
            application.startClasses(classes(name), main);
            measure("muster " + name + ", " + workers + " workers", application.pids(), options, report);
        }
    }

    private static void java(String what, String main, Options options, Report report)
            throws IOException, InterruptedException {
        String classPath =
                classes("others") + ":" + Path.of("benchmarks/web/target/lib").toAbsolutePath() + "/*";
        try (OtherServer server = OtherServer.java(main, classPath, PORT)) {
            measure(what, server.pids(), options, report);
        }
    }

    private static void swoole(String mode, int workers, Options options, Report report)
            throws IOException, InterruptedException {
        try (@Nullable OtherServer server = OtherServer.swoole(PORT, mode, workers)) {
            if (server != null) {
                measure("swoole " + mode + ", " + workers + " workers", server.pids(), options, report);
            }
        }
    }

    private static void measure(String what, List<Long> pids, Options options, Report report)
            throws IOException, InterruptedException {
        // Until the compilers are done.
        Run _ = wrk(PATHS.getFirst(), options.number("warm"), options);
        for (String path : PATHS) {
            Run _ = wrk(path, options.number("seconds"), options);
            List<Long> before = pids.stream().map(ProcessorTime::ofFamily).toList();
            Run run = wrk(path, options.number("seconds"), options);
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

    private static Run wrk(String path, int seconds, Options options) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "-t1",
                        "-c" + options.number("connections"),
                        "-d" + seconds + "s",
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
