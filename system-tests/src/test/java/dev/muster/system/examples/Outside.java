package dev.muster.system.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The system outside that an example brings things to, a directory, as its operator sees it. It can be made to keep a
/// caller waiting, or to refuse one thing.
record Outside(Path directory) {
    /// Whoever brings this thing waits until [#release].
    void hold(String name) {
        try {
            Path _ = Files.createDirectories(directory);
            int code = new ProcessBuilder("mkfifo", part(name).toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).as("mkfifo").isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Takes this thing from now on. Whoever waits already is not let go.
    void release(String name) {
        try {
            Files.delete(part(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Refuses this thing until [#release].
    void refuse(String name) {
        try {
            Path _ = Files.createDirectories(part(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }

    String text(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What it has taken.
    List<String> names() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".new"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path part(String name) {
        return directory.resolve(name + ".new");
    }
}
