package dev.muster.examples.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// What the application has done: a file `ledger` of lines `NANOS PID WORD KEY TOKEN` in the working directory. The
/// time is that of `System.nanoTime()`, the same clock in every process of the machine; the token tells the attempts at
/// one task apart.
///
/// **Threads:** safe for use by many threads and processes; a line is one write.
final class Ledger {
    private static final Path FILE = Path.of("ledger");
    private static final long PID = ProcessHandle.current().pid();

    private Ledger() {}

    /// Something begins.
    ///
    /// @param key what it is, without blanks
    /// @return the token of this attempt
    static String begun(String key) {
        String token = UUID.randomUUID().toString();
        note("begin", key, token);
        return token;
    }

    /// It has ended well.
    static void ended(String key, String token) {
        note("end", key, token);
    }

    private static void note(String word, String key, String token) {
        String line = System.nanoTime() + " " + PID + " " + word + " " + key + " " + token + "\n";
        try {
            Path _ = Files.writeString(FILE, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
