package dev.muster.console.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the application has written down about its own doings; read anew as far as it has grown.
///
/// **Threads:** safe for use by many threads.
final class Ledger {
    private static final int WORDS = 5;

    private final Path file;
    private final Map<String, List<Attempt>> attempts = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private long read;

    /// A start of a task, or a run.
    ///
    /// @param begun by `System.nanoTime()`
    record Attempt(long begun, long pid, String token) {}

    Ledger(Path file) {
        this.file = file;
    }

    /// The attempts at a task so far, in the order in which they were begun.
    synchronized List<Attempt> attempts(String key) {
        readOn();
        return List.copyOf(attempts.getOrDefault(key, List.of()));
    }

    /// When an attempt ended well; 0 if it did not so far.
    synchronized long ended(Attempt attempt) {
        readOn();
        return ends.getOrDefault(attempt.token(), 0L);
    }

    /// Whether an attempt at a task has ended well.
    boolean done(String key) {
        return attempts(key).stream().anyMatch(attempt -> ended(attempt) != 0);
    }

    private void readOn() {
        if (!Files.exists(file)) {
            return;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] more = new byte[(int) (in.length() - read)];
            in.seek(read);
            in.readFully(more);
            int whole = more.length;
            while (whole > 0 && more[whole - 1] != '\n') {
                whole--;
            }
            read += whole;
            new String(more, 0, whole, UTF_8).lines().forEach(this::take);
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger " + file + " cannot be read", e);
        }
    }

    private void take(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS) {
            throw new IllegalStateException("the ledger " + file + " has a line that is none: " + line);
        }
        long nanos = Long.parseLong(words[0]);
        if (words[2].equals("begin")) {
            boolean _ = attempts.computeIfAbsent(words[3], _ -> new ArrayList<>())
                    .add(new Attempt(nanos, Long.parseLong(words[1]), words[4]));
        } else {
            Long _ = ends.put(words[4], nanos);
        }
    }
}
