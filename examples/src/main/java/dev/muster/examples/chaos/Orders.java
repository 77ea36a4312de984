package dev.muster.examples.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Orders from outside: files in the directory `orders` of the working directory. The name says to whom, the content
/// what.
final class Orders {
    private static final Path DIRECTORY = Path.of("orders");
    private static final long GLANCE = Duration.ofMillis(10).toNanos();

    private Orders() {}

    /// The order of this name as it stands; empty if there is none.
    static String standing(String name) {
        try {
            return Files.readString(DIRECTORY.resolve(name)).strip();
        } catch (NoSuchFileException _) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Takes the order of this name, so that nobody follows it a second time; empty if there is none.
    static String taken(String name) {
        String order = standing(name);
        try {
            return !order.isEmpty() && Files.deleteIfExists(DIRECTORY.resolve(name)) ? order : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until somebody gives the order of this name.
    static void await(String name) {
        while (!Files.exists(DIRECTORY.resolve(name))) {
            LockSupport.parkNanos(GLANCE);
        }
    }
}
