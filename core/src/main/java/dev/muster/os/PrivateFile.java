package dev.muster.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A file that this user alone may read, whatever the mode of its directory.
public final class PrivateFile {
    private PrivateFile() {}

    /// Writes it whole or not at all, in the place of one that is there.
    public static void write(Path file, String content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        // One that a dead process has left may have another mode.
        boolean _ = Files.deleteIfExists(temporary);
        Path _ = Files.createFile(
                temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Path _ = Files.writeString(temporary, content);
        Path _ = Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
