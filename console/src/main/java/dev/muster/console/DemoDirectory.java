package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A fresh directory for each demo, in a private place under the temporary directory. What earlier demos of this user
/// left is removed, except where one is still running.
final class DemoDirectory {
    private DemoDirectory() {}

    static Path fresh() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"), "muster-demo-" + System.getProperty("user.name"));
        try {
            Path _ = Files.createDirectory(
                    parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
                throw new Refusal(
                        ExitCode.CANNOT_WRITE, "the directory " + parent + " cannot be made or written: " + e);
            }
        }
        removeOld(parent);
        Identity self = Identity.self();
        return Files.createDirectory(parent.resolve(self.pid() + "-" + self.startTime()));
    }

    private static void removeOld(Path parent) throws IOException {
        List<Path> old;
        try (Stream<Path> files = Files.list(parent)) {
            old = files.filter(directory -> !inUse(directory)).toList();
        }
        for (Path directory : old) {
            remove(directory);
        }
    }

    /// In use while the command line that made it lives, or the master that it left behind.
    private static boolean inUse(Path directory) {
        String[] parts = String.valueOf(directory.getFileName()).split("-", -1);
        Optional<Identity> maker;
        try {
            maker = Optional.of(new Identity(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
        } catch (IndexOutOfBoundsException | NumberFormatException _) {
            maker = Optional.empty();
        }
        return maker.isPresent() && maker.get().alive()
                || new Instance(directory.resolve("run")).master().isPresent();
    }

    /// Removes a directory with all that is in it.
    static void remove(Path directory) throws IOException {
        try {
            Path _ = Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    boolean _ = Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    boolean _ = Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException | DirectoryNotEmptyException _) {
            // another demo is removing it
        }
    }
}
