package dev.muster.system.apps;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What an application has done: a file of lines in its working directory, to which all of its processes append.
///
/// **Threads:** safe for use by many threads and processes; a line is one write.
public final class Ledger {
    /// A line.
    ///
    /// @param nanos `System.nanoTime()`, the same clock in every process of the machine
    /// @param pid who wrote it
    public record Entry(long nanos, long pid, String text) {}

    private Ledger() {}

    /// Appends a line, in the application.
    public static void note(String ledger, String text) {
        String line = System.nanoTime() + " " + ProcessHandle.current().pid() + " " + text + "\n";
        try {
            Files.writeString(Path.of(ledger), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether somebody has made a file of this name in the working directory: the tests' way to tell an
    /// application something.
    public static boolean told(String name) {
        return Files.exists(Path.of(name));
    }

    /// Whether nobody has written to the ledger yet.
    public static boolean isNew(String ledger) {
        return !Files.exists(Path.of(ledger));
    }

    /// All lines so far, in the test.
    public static List<Entry> read(Path directory, String ledger) {
        List<Entry> entries = new ArrayList<>();
        Path file = directory.resolve(ledger);
        try {
            if (Files.exists(file)) {
                for (String line : Files.readString(file, UTF_8).split("\n", -1)) {
                    String[] words = line.split(" ", 3);
                    if (words.length == 3) {
                        entries.add(new Entry(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    /// The texts of all lines so far, in the test.
    public static List<String> texts(Path directory, String ledger) {
        return read(directory, ledger).stream().map(Entry::text).toList();
    }
}
