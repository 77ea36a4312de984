package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.os.NativeException;
import dev.muster.os.PrivateFile;
import dev.muster.os.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The run directory of a running application, held by a lock that ends with the master: the lock decides who runs, not
/// a file with a pid in it.
///
/// **Lifetime:** opened at the start, closed as the last act of the master. What stays: the lock file, the effective
/// configuration, the process map and the evidence.
final class RunDirectory implements AutoCloseable {
    static final String LOCK = "lock";
    static final String CONFIGURATION = "config.json";
    static final String PROCESS_MAP = "process-map.json";

    private final Path path;
    private final RunLock lock;

    private RunDirectory(Path path, RunLock lock) {
        this.path = path;
        this.lock = lock;
    }

    static RunDirectory open(Path path) {
        makePrivate(path);
        try {
            RunLock lock = RunLock.tryAcquire(path.resolve(LOCK))
                    .orElseThrow(() -> new StartException(
                            ExitCode.ALREADY_RUNNING,
                            "already running with the run directory " + path
                                    + RunLock.holder(path.resolve(LOCK))
                                            .map(pid -> " (master pid " + pid + ")")
                                            .orElse("")
                                    + "; stop it first, or give this one another app.name or run.dir"));
            return new RunDirectory(path, lock);
        } catch (NativeException e) {
            throw new StartException(
                    ExitCode.CANNOT_WRITE,
                    "the lock " + path.resolve(LOCK) + " cannot be opened: " + e.getMessage()
                            + "; give another run.dir or mend its permissions");
        }
    }

    /// Makes a directory of ours, with mode 0700 if it is new.
    static void makePrivate(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Path parent = directory.toAbsolutePath().getParent();
                if (parent != null && !Files.isDirectory(parent)) {
                    makePrivate(parent);
                }
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            if (!Files.isWritable(directory)) {
                throw new StartException(
                        ExitCode.CANNOT_WRITE,
                        "the directory " + directory + " cannot be written by this user; give another one or mend its"
                                + " permissions");
            }
        } catch (IOException e) {
            throw refused(directory, e);
        }
    }

    private static StartException refused(Path directory, IOException e) {
        return new StartException(
                ExitCode.CANNOT_WRITE,
                "the directory " + directory + " cannot be made or written: "
                        + e.getClass().getSimpleName() + " " + e.getMessage()
                        + "; give another one or mend its permissions");
    }

    /// The master that has this directory now, if it is another one: somebody has removed it with its lock, and
    /// started the application once more.
    Optional<Long> usurper() {
        try {
            return RunLock.holder(path.resolve(LOCK))
                    .filter(pid -> pid != 0 && pid != ProcessHandle.current().pid());
        } catch (NativeException _) {
            return Optional.empty();
        }
    }

    Path path() {
        return path;
    }

    Path dumps() {
        return path.resolve("dumps");
    }

    /// Where the identities of living children stand.
    Path children() {
        return path.resolve("children");
    }

    /// Where the sockets for messages between children are; the children make them.
    Path post() {
        return path.resolve("post");
    }

    /// Makes the directory of the sockets, without those that an earlier run has left.
    void makePost() {
        try {
            removeTree(post());
        } catch (IOException e) {
            throw refused(post(), e);
        }
        makePrivate(post());
    }

    /// Writes a file whole or not at all, for this user alone: the configuration may hold a password, and the
    /// directory may be one whose mode somebody else has chosen.
    void write(String name, String content) {
        try {
            PrivateFile.write(path.resolve(name), content);
        } catch (IOException e) {
            throw refused(path, e);
        }
    }

    @Override
    public void close() {
        try {
            if (usurper().isEmpty()) {
                removeTree(children());
                removeTree(post());
                Files.deleteIfExists(path.resolve("control.sock"));
            }
        } catch (IOException e) {
            System.err.println("muster: cannot tidy up the run directory " + path + ": " + e.getMessage());
        } finally {
            lock.close();
        }
    }

    private static void removeTree(Path directory) throws IOException {
        List<Path> entries;
        try (Stream<Path> listing = Files.list(directory)) {
            entries = listing.toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path entry : entries) {
            Files.deleteIfExists(entry);
        }
        Files.deleteIfExists(directory);
    }
}
