package dev.muster.inline;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.observe.ReportJson;
import dev.muster.os.NativeException;
import dev.muster.os.PrivateFile;
import dev.muster.os.RunLock;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ProcessMapJson;
import dev.muster.supervise.StartException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/// The run directory of an application that is one JVM: the same lock and the same files as with processes, so that
/// the command line finds it and no master starts beside it.
///
/// **Lifetime:** opened at the start, closed as the last act. What stays: the lock file, the effective configuration,
/// the process map and the evidence.
final class InlineDirectory implements AutoCloseable {
    private final Path path;
    private final RunLock lock;

    private InlineDirectory(Path path, RunLock lock) {
        this.path = path;
        this.lock = lock;
    }

    static InlineDirectory open(Settings settings, ProcessMap map) {
        Path path = settings.runDir();
        try {
            makePrivate(path);
            makePrivate(settings.dataDir());
            RunLock lock = RunLock.tryAcquire(path.resolve("lock"))
                    .orElseThrow(() -> new StartException(
                            ExitCode.ALREADY_RUNNING,
                            "already running with the run directory " + path
                                    + "; stop it first, or give this one another app.name or run.dir"));
            InlineDirectory directory = new InlineDirectory(path, lock);
            try {
                makePrivate(directory.dumps());
                // What a JVM that was killed has left.
                clear(directory.post());
                makePrivate(directory.post());
                PrivateFile.write(path.resolve("config.json"), ReportJson.flat(settings.effective()));
                PrivateFile.write(path.resolve("process-map.json"), ProcessMapJson.write(map));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
            return directory;
        } catch (IOException | NativeException e) {
            throw new StartException(
                    ExitCode.CANNOT_WRITE,
                    "the run directory " + path + " cannot be made or written: " + e
                            + "; give another one or mend its permissions");
        }
    }

    Path path() {
        return path;
    }

    Path dumps() {
        return path.resolve("dumps");
    }

    /// Where the sockets for messages are.
    Path post() {
        return path.resolve("post");
    }

    private static void makePrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path _ = Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static void clear(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path entry : entries.toList()) {
                    boolean _ = Files.deleteIfExists(entry);
                }
            }
            Files.delete(directory);
        }
    }

    @Override
    public void close() {
        try {
            clear(post());
        } catch (IOException e) {
            System.getLogger("dev.muster.inline").log(Level.WARNING, "cannot tidy up " + post(), e);
        } finally {
            lock.close();
        }
    }
}
