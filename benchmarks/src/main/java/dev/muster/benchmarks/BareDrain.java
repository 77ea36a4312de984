package dev.muster.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lets two [BareLoop]s empty a table, from the first claim to the last commit.
///
/// **Threads:** one.
final class BareDrain {
    private final int batch;
    private final int tasks;
    private final Rates rates = new Rates();

    BareDrain(int batch, int tasks) {
        this.batch = batch;
        this.tasks = tasks;
    }

    void once(Report report) {
        Path directory = Application.place("bare-loop");
        Path file = directory.resolve("tasks.db");
        try {
            for (String part : List.of("", "-wal", "-shm")) {
                boolean _ = Files.deleteIfExists(directory.resolve("tasks.db" + part));
            }
            BareLoop.fill(file, tasks);
            List<Process> loops = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                boolean _ = loops.add(start(file));
            }
            long first = Long.MAX_VALUE;
            long last = 0;
            List<String> said = new ArrayList<>();
            for (Process loop : loops) {
                String line = new String(loop.getInputStream().readAllBytes(), UTF_8).strip();
                boolean _ = said.add(line);
                String[] words = line.split(" ", -1);
                first = Math.min(first, Long.parseLong(words[0]));
                last = Math.max(last, Long.parseLong(words[1]));
            }
            rates.add(tasks, last - first);
            report.raw("bare loop, batches of " + batch + ": " + (last - first) + " ns, " + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot fill " + file, e);
        }
    }

    private Process start(Path file) throws IOException {
        // The options of a worker of Muster, as far as they matter here.
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareLoop.class.getName(),
                        file.toString(),
                        Integer.toString(batch))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// @param drained what Muster has done in turns with it
    void say(Report report, List<Drained> drained) {
        report.say(String.format(
                Locale.ROOT,
                "bare loop | sqlite process | repeats %d | two processes, batches of %d | tasks %d | %s | Muster: %.2f"
                        + " times that",
                drained.size(),
                batch,
                tasks,
                rates,
                Rates.of(drained).times(rates)));
    }
}
