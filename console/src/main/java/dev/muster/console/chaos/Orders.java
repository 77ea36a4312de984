package dev.muster.console.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/// Orders to the application: files in its directory `orders`. It knows the names.
///
/// **Threads:** one owner.
final class Orders {
    private final Path directory;

    Orders(Path home) {
        directory = home.resolve("orders");
        try {
            Path _ = Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("the directory " + directory + " cannot be made", e);
        }
    }

    /// Gives an order; it is there as a whole or not at all.
    void give(String name, String what) {
        try {
            Path fresh = Files.writeString(directory.resolve(name + ".new"), what);
            Path _ = Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the order " + name + " cannot be given", e);
        }
    }

    /// Takes an order back, if it stands.
    void revoke(String name) {
        try {
            boolean _ = Files.deleteIfExists(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("the order " + name + " cannot be taken back", e);
        }
    }

    /// Takes all orders back but those that let a task end.
    void revokeAll() {
        List<String> names;
        try (Stream<Path> files = Files.list(directory)) {
            names = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.startsWith("release-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the directory " + directory + " cannot be read", e);
        }
        names.forEach(this::revoke);
    }
}
