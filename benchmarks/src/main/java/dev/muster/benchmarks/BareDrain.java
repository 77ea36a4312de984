package dev.muster.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.config.SettingsLoader;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lets two [BareLoop]s empty a table, from the first claim to the last commit.
///
/// **Threads:** one.
final class BareDrain {
    private static final int FILLED = 1_000;

    private final BareLoop.Table table;
    private final int batch;
    private final int tasks;
    private final Rates rates = new Rates();

    BareDrain(BareLoop.Table table, int batch, int tasks) {
        this.table = table;
        this.batch = batch;
        this.tasks = tasks;
    }

    void once(Report report) {
        Path directory = Application.emptyPlace("bare-loop");
        Path file = directory.resolve("queue.db");
        try {
            switch (table) {
                case PLAIN -> BareLoop.fill(file, tasks);
                case MUSTER -> fill(directory);
            }
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
            report.raw("bare loop, table " + table + ", batches of " + batch + ": " + (last - first) + " ns, " + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot fill " + file, e);
        }
    }

    /// With the tasks that Muster drains, enqueued as for it.
    private void fill(Path directory) {
        List<String> sets = List.of("data.dir=" + directory, "tasks.sqlite.durability=process");
        try (TaskQueue queue = new TaskQueue(Brokers.open(SettingsLoader.load("bare", null, Map.of(), sets)))) {
            for (int left = tasks; left > 0; left -= FILLED) {
                queue.put(Collections.nCopies(Math.min(left, FILLED), TaskQueue.task("noop")));
            }
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
                        Integer.toString(batch),
                        table.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// @param drained what Muster has done in turns with it
    void say(Report report, List<Drained> drained) {
        report.say(String.format(
                Locale.ROOT,
                "bare loop | sqlite process | repeats %d | table %s, two processes, batches of %d | tasks %d | %s |"
                        + " Muster: %.2f times that",
                drained.size(),
                table,
                batch,
                tasks,
                rates,
                Rates.of(drained).times(rates)));
    }
}
