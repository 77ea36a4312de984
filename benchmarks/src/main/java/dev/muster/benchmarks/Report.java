package dev.muster.benchmarks;

import dev.muster.os.Affinity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Where results go: every line to a file of the benchmark's own, which begins with the circumstances; what a reader
/// wants to see also to stdout.
///
/// **Threads:** one. **Lifetime:** closed by the benchmark. **Failure:** what was measured before a failure stays.
final class Report implements AutoCloseable {
    private final PrintWriter file;

    /// @param name of the benchmark and of its file
    /// @param data where the application keeps its files
    Report(String name, Options options, Path data) {
        Path results = Path.of(System.getProperty("muster.results", "benchmarks/results"));
        try {
            Path _ = Files.createDirectories(results);
            file = new PrintWriter(Files.newBufferedWriter(results.resolve(name + ".txt")), true);
            FileStore store = Files.getFileStore(data);
            raw("benchmark " + name + " " + options);
            raw("when      " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
            raw("machine   " + Affinity.online() + " processors (" + processor() + "), kernel "
                    + System.getProperty("os.version") + ", data on " + store.type());
            raw("jdk       " + System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
            load();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the results to " + results, e);
        }
    }

    /// Notes how busy the machine is.
    void load() {
        try {
            raw("load      " + Files.readString(Path.of("/proc/loadavg")).strip());
        } catch (IOException e) {
            raw("load      unknown: " + e);
        }
    }

    /// A line for the file.
    void raw(String line) {
        file.println(line);
    }

    /// A line for the file and for the reader.
    void say(String line) {
        raw(line);
        System.out.println(line);
    }

    private static String processor() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return System.getProperty("os.arch", "unknown");
    }

    @Override
    public void close() {
        load();
        file.close();
    }
}
