package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.RunLock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Copies of the class path, so that a jar may be overwritten in place while processes run from it.
///
/// ```text
/// DATA/classpath/lock             held while one is looked for, made or removed
/// DATA/classpath/HASH/files/…     each file under its own absolute path, so that relative names in manifests fit
/// DATA/classpath/HASH/users/…     a lock file for each master that runs from it; the lock ends with its holder
/// DATA/classpath/.new             one that is being made
/// ```
///
/// The name is made of the content, so equal class paths share one, and a second start finds that of the first. The
/// files are copies (clones where the file system can): a hard link would be overwritten with the original.
///
/// **Threads:** any, one at a time; the calls wait for the disk. **Lifetime:** until [#close()], which releases all;
/// the last one used stays on the disk. **Failure:** a master that dies holds nothing any more, and the next one
/// removes what nobody uses. What is half made has another name and is removed too.
final class ClassPathSnapshots implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NEW = ".new";
    private static final String LOCK = "lock";

    private final Path root;
    private final List<Path> excluded;
    /// By identity: two generations with equal content hold one each.
    private final IdentityHashMap<Snapshot, RunLock> taken = new IdentityHashMap<>();

    /// @param dataDir of the application
    /// @param excluded directories that change while the application runs, and are no code
    ClassPathSnapshots(Path dataDir, List<Path> excluded) {
        root = dataDir.resolve("classpath");
        this.excluded = List.copyOf(excluded);
    }

    /// The class path as it is, without a copy.
    ///
    /// @throws StartException if it cannot be read
    Snapshot inPlace(String classPath) {
        try {
            ClassPathFiles files = ClassPathFiles.of(classPath, excluded);
            return new Snapshot(classPath, files.hash(new HashMap<>()), null, files.jarsOnly(), List.of());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// A copy of the class path as it is at one moment. Takes the time of reading all files, and if it is new that
    /// of copying them.
    ///
    /// @param classPath absolute entries
    /// @throws StartException 78 if it cannot be read, or keeps changing; 73 if the copy cannot be written
    synchronized Snapshot take(String classPath) {
        RunDirectory.makePrivate(root);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Snapshot> snapshot = attempt(classPath);
            if (snapshot.isPresent()) {
                return snapshot.get();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new StartException(
                ExitCode.CONFIGURATION,
                "the class path " + classPath + " was changed during each of " + ATTEMPTS
                        + " attempts to copy it; finish the deployment, then try again");
    }

    private Optional<Snapshot> attempt(String classPath) {
        Map<Path, Long> checksums = new HashMap<>();
        ClassPathFiles files;
        String hash;
        try {
            files = ClassPathFiles.of(classPath, excluded);
            hash = files.hash(checksums);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(e);
        }
        try (RunLock _ = lock()) {
            Path directory = root.resolve(hash);
            if (!complete(files, directory)) {
                if (!copy(files, checksums)) {
                    remove(root.resolve(NEW));
                    return Optional.empty();
                }
                replace(directory);
            } else if (!files.unchanged()) {
                return Optional.empty();
            }
            Snapshot snapshot = new Snapshot(
                    copied(classPath, files, directory), hash, directory, files.jarsOnly(), files.outside());
            use(snapshot, directory);
            prune();
            return Optional.of(snapshot);
        } catch (IOException | NativeException e) {
            throw unwritable(e);
        }
    }

    /// @return false if a source changed meanwhile
    private boolean copy(ClassPathFiles files, Map<Path, Long> checksums) throws IOException {
        Path fresh = root.resolve(NEW);
        remove(fresh);
        Files.createDirectories(fresh.resolve("users"));
        Files.createDirectories(fresh.resolve("files"));
        try {
            for (Path directory : files.directories()) {
                Files.createDirectories(place(fresh, directory));
            }
            for (Path file : files.files()) {
                Path copy = place(fresh, file);
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                Files.copy(file, copy);
                Files.setLastModifiedTime(copy, files.modified(file));
                if (ClassPathFiles.checksum(copy) != checksums.getOrDefault(file, -1L)) {
                    return false;
                }
            }
            return files.unchanged();
        } catch (IOException e) {
            remove(fresh);
            if (e instanceof NoSuchFileException && !files.unchanged()) {
                return false;
            }
            throw e;
        }
    }

    /// Puts what is new in its place. A directory of that name is damaged: processes that have its files open keep
    /// them.
    private void replace(Path directory) throws IOException {
        Path damaged = root.resolve(NEW + "-damaged");
        remove(damaged);
        if (Files.exists(directory)) {
            Files.move(directory, damaged);
        }
        Files.move(root.resolve(NEW), directory, StandardCopyOption.ATOMIC_MOVE);
        remove(damaged);
    }

    private static boolean complete(ClassPathFiles files, Path directory) throws IOException {
        if (!Files.isDirectory(directory.resolve("users"))) {
            return false;
        }
        for (Path file : files.files()) {
            if (!files.sameAs(file, place(directory, file))) {
                return false;
            }
        }
        return true;
    }

    /// Where the copy of a file is.
    private static Path place(Path directory, Path original) {
        Path inside = directory.resolve("files");
        for (Path name : original.toAbsolutePath()) {
            // What lies beside a link is not what lies beside its target, so the names are kept as they were given.
            inside = inside.resolve(name.toString().equals("..") ? "%2E%2E" : name.toString());
        }
        return inside;
    }

    private static String copied(String classPath, ClassPathFiles files, Path directory) {
        StringJoiner copied = new StringJoiner(":");
        for (String entry : classPath.split(":", -1)) {
            boolean stays = entry.isEmpty() || files.inPlace().contains(Path.of(entry));
            copied.add(stays ? entry : place(directory, Path.of(entry)).toString());
        }
        return copied.toString();
    }

    private void use(Snapshot snapshot, Path directory) throws IOException {
        // In another container a master may have the same pid: then its file is held, and the next one is taken.
        Identity self = Identity.self();
        Optional<RunLock> user = Optional.empty();
        for (int number = 0; user.isEmpty(); number++) {
            user = RunLock.tryAcquire(
                    directory.resolve("users").resolve(self.pid() + "." + self.startTime() + "." + number));
        }
        Files.setLastModifiedTime(directory, FileTime.fromMillis(System.currentTimeMillis()));
        taken.put(snapshot, user.orElseThrow());
    }

    /// Gives one back when its generation has ended. It may be removed from the disk then.
    synchronized void release(Snapshot snapshot) {
        RunLock user = taken.remove(snapshot);
        if (user != null) {
            user.close();
            try (RunLock _ = lock()) {
                prune();
            } catch (IOException | NativeException | StartException _) {
                // The next start tries again.
            }
        }
    }

    /// Removes what nobody uses, but for the last one used. Only under the lock.
    private void prune() throws IOException {
        List<Path> unused = new ArrayList<>();
        Path last = null;
        for (Path directory : list(root)) {
            if (Files.isDirectory(directory)
                    && !String.valueOf(directory.getFileName()).startsWith(".")) {
                last = last == null || newer(directory, last) ? directory : last;
                if (!used(directory)) {
                    unused.add(directory);
                }
            }
        }
        for (Path directory : unused) {
            if (!directory.equals(last)) {
                remove(directory);
            }
        }
    }

    private static boolean newer(Path a, Path b) throws IOException {
        return Files.getLastModifiedTime(a).compareTo(Files.getLastModifiedTime(b)) > 0;
    }

    /// Whether a living master holds one of the files; those of dead ones go.
    private static boolean used(Path directory) throws IOException {
        boolean used = false;
        for (Path user : list(directory.resolve("users"))) {
            Optional<Long> holder = RunLock.holder(user);
            if (holder.isPresent()) {
                used = true;
            } else {
                Files.deleteIfExists(user);
            }
        }
        return used;
    }

    private RunLock lock() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Optional<RunLock> lock = RunLock.tryAcquire(root.resolve(LOCK));
                if (lock.isPresent()) {
                    return lock.get();
                }
            } catch (NativeException e) {
                throw unwritable(e);
            }
            if (System.nanoTime() > end) {
                throw new StartException(
                        ExitCode.CANNOT_WRITE,
                        root.resolve(LOCK) + " is held by another master for more than " + PATIENCE.toSeconds()
                                + " s, so the class path cannot be copied; try again, or give another data.dir");
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    private static void remove(Path tree) throws IOException {
        if (Files.exists(tree)) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(tree)) {
                all = new ArrayList<>(walk.toList());
            }
            for (Path path : all.reversed()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static StartException unreadable(IOException e) {
        return new StartException(
                ExitCode.CONFIGURATION,
                "the class path cannot be read: " + said(e) + "; nothing is started from it; mend or remove the entry");
    }

    private StartException unwritable(Exception e) {
        return new StartException(
                ExitCode.CANNOT_WRITE,
                "cannot copy the class path to " + root + ": " + said(e)
                        + "; make room or give another data.dir (app.snapshot=false runs without a copy)");
    }

    private static String said(Exception e) {
        String reason = e instanceof FileSystemException file && file.getReason() != null
                ? file.getFile() + ": " + file.getReason()
                : String.valueOf(e.getMessage());
        return e.getClass().getSimpleName() + " " + reason;
    }

    @Override
    public synchronized void close() {
        taken.values().forEach(RunLock::close);
        taken.clear();
    }
}
