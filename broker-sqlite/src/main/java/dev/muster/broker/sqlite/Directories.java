package dev.muster.broker.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Makes directories that only their owner can read.
final class Directories {
    private Directories() {}

    /// Makes the directory and those above it as far as they are missing; what exists is left as it is.
    static void makePrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path _ = Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
