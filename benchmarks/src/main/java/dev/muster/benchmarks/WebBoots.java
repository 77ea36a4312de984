package dev.muster.benchmarks;

import dev.muster.os.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// How long a web worker takes from its spawn until it is ready, as the log says it, with the cache that Muster makes
/// and without; and the memory of web workers that have nothing to do.
///
/// Options: `trials`, `workers` whose memory is looked at, `settle` seconds before that.
public final class WebBoots {
    private static final int PORT = 9_513;
    private static final Pattern LINE = Pattern.compile("^(\\S+) INFO \\S+ - (start process: )?(web\\S*)( ready)?.*");

    private WebBoots() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Map.of("trials", 40, "workers", 4, "settle", 20));
        try (Application place = new Application("boots");
                Report report = new Report("boots", options, place.directory())) {
            boots(false, options, report);
            boots(true, options, report);
        }
    }

    private static void boots(boolean cached, Options options, Report report) throws Exception {
        Path caches = Application.emptyPlace("boots-caches");
        try (Application application = new Application("boots-web")) {
            Application _ = application
                    .web(PORT, options.number("workers"))
                    .set("aot.enabled", Boolean.toString(cached))
                    .set("aot.dir", caches.toString())
                    .set("aot.delay", "3s");
            application.startClasses(Path.of("benchmarks/web/target/hello.jar").toAbsolutePath(), "HelloApp");
            if (cached) {
                Application.await(
                        "a cache of the JVM in " + caches,
                        () -> !Application.filesIn(caches).isEmpty());
            }
            String how = cached ? "cache" : "no cache";
            int before = samples(application).size();
            for (int i = 0; i < options.number("trials"); i++) {
                application.command("restart", Map.of("slot", "web#1"));
            }
            Samples all = new Samples();
            samples(application).stream().skip(before).forEach(time -> all.add(time.toNanos()));
            report.say(String.format(
                    Locale.ROOT,
                    "web worker, spawn to ready | %s | trials %d | p50 %s ms | p99 %s ms",
                    how,
                    all.size(),
                    all.millis(0.5),
                    all.millis(0.99)));
            Clock.await(Duration.ofSeconds(options.number("settle")));
            for (JsonNode row : application.ps()) {
                report.say(String.format(
                        Locale.ROOT,
                        "idle memory | %s | %s | PSS %.1f MB",
                        how,
                        row.get("name").asString(),
                        ProcFs.pssBytes(row.get("pid").asLong()).orElseThrow() / 1e6));
            }
        }
    }

    /// The boots of web workers, in the order in which they were ready.
    private static List<Duration> samples(Application application) throws IOException {
        Map<String, Instant> started = new HashMap<>();
        List<Duration> times = new ArrayList<>();
        for (String line : log(application)) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            Instant at = Instant.parse(matcher.group(1));
            if (matcher.group(2) != null) {
                Instant _ = started.put(matcher.group(3), at);
            } else if (matcher.group(4) != null && started.containsKey(matcher.group(3))) {
                times.add(Duration.between(started.remove(matcher.group(3)), at));
            }
        }
        return times;
    }

    private static List<String> log(Application application) throws IOException {
        try (Stream<Path> files = Files.list(application.directory().resolve("data/log"))) {
            Path log = files.filter(file -> file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no log"));
            return Files.readAllLines(log);
        }
    }
}
