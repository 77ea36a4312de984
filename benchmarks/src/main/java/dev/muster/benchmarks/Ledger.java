package dev.muster.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The starts of tasks: a file of lines to which all processes of the application append.
///
/// **Threads:** [#note] any, of any process; an object belongs to one thread.
public final class Ledger {
    private static final String FILE = "ledger";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(1);

    /// A start.
    ///
    /// @param nanos `System.nanoTime()`, the same clock in every process of the machine
    record Start(long nanos, long pid, String text) {}

    private final Path file;
    private final List<Start> starts = new ArrayList<>();
    private long read;

    /// @param directory the working directory of the application
    Ledger(Path directory) {
        file = directory.resolve(FILE);
    }

    /// Notes a start, in the application: the instant of the call, in one write.
    public static void note(String text) {
        long now = System.nanoTime();
        String line = now + " " + ProcessHandle.current().pid() + " " + text + "\n";
        try {
            Path _ = Files.writeString(Path.of(FILE), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for the nth start of what has this text, from 1.
    Start await(String text, int number) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            readOn();
            List<Start> found = of(text);
            if (found.size() >= number) {
                return found.get(number - 1);
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "start " + number + " of " + text + " was not seen within " + LIMIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    /// All starts so far.
    int size() {
        readOn();
        return starts.size();
    }

    private List<Start> of(String text) {
        List<Start> found = new ArrayList<>();
        for (Start start : starts) {
            if (start.text.equals(text)) {
                found.add(start);
            }
        }
        return found;
    }

    private void readOn() {
        try {
            if (!Files.exists(file) || Files.size(file) == read) {
                return;
            }
            String all = Files.readString(file, UTF_8);
            String news = all.substring(Math.toIntExact(read), all.lastIndexOf('\n') + 1);
            read += news.length();
            for (String line : news.split("\n", -1)) {
                String[] words = line.split(" ", 3);
                if (words.length == 3) {
                    boolean _ = starts.add(new Start(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
                }
            }
        } catch (NoSuchFileException e) {
            // nothing has started yet
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
