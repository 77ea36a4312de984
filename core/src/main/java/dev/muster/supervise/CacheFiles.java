package dev.muster.supervise;

import dev.muster.os.NativeException;
import dev.muster.os.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The directory of the virtual machine's caches: files named `KEY-CHECKSUM.jsa`, so that each says itself whether it
/// is whole. Several masters may share it.
///
/// **Threads:** any, one at a time. **Lifetime:** the files stay until others need their room. **Failure:** what cannot
/// be read, or is damaged, is no cache. A file that is half made has another name, and goes with the next maker.
final class CacheFiles {
    static final long MOST_BYTES = 512L << 20;

    private static final String SUFFIX = ".jsa";
    private static final String NEW = ".new";

    private final Path directory;

    CacheFiles(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /// The cache of this key, read once from end to end; a damaged one is deleted.
    Optional<Path> find(String key) {
        try {
            for (Path file : caches()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(key + "-")) {
                    if (name.equals(name(key, file))) {
                        // Used now: others are older.
                        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
                        return Optional.of(file);
                    }
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException _) {
            // Without it processes start more slowly, no more.
        }
        return Optional.empty();
    }

    /// The right to make caches here, which one master at a time has; empty if another has it.
    ///
    /// @throws IOException if the directory cannot be used
    Optional<RunLock> maker() throws IOException {
        try {
            Files.createDirectories(directory);
            Optional<RunLock> lock = RunLock.tryAcquire(directory.resolve("lock"));
            if (lock.isPresent()) {
                removeUnfinished();
            }
            return lock;
        } catch (NativeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void removeUnfinished() throws IOException {
        for (Path file : list()) {
            if (String.valueOf(file.getFileName()).startsWith(NEW)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Where the maker puts what is not finished.
    Path unfinished(String what) {
        return directory.resolve(NEW + "-" + what);
    }

    /// Makes a finished file the cache of a key, and removes the oldest ones if there are too many. Only for the
    /// maker.
    Path install(Path finished, String key) throws IOException {
        Path target = directory.resolve(name(key, finished));
        Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
        evict(target);
        return target;
    }

    /// A process that has mapped a file keeps it.
    private void evict(Path newest) throws IOException {
        Map<Path, FileTime> used = new HashMap<>();
        for (Path file : caches()) {
            used.put(file, Files.getLastModifiedTime(file));
        }
        List<Path> newestFirst = new ArrayList<>(used.keySet());
        newestFirst.sort(Comparator.comparing((Path file) -> used.getOrDefault(file, FileTime.fromMillis(0)))
                .reversed());
        long bytes = 0;
        for (Path file : newestFirst) {
            bytes += Files.size(file);
            if (bytes > MOST_BYTES && !file.equals(newest)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String name(String key, Path file) throws IOException {
        return key + "-" + Long.toHexString(ClassPathFiles.checksum(file)) + SUFFIX;
    }

    private List<Path> caches() throws IOException {
        return list().stream()
                .filter(file -> file.toString().endsWith(SUFFIX)
                        && !String.valueOf(file.getFileName()).startsWith("."))
                .toList();
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }
}
