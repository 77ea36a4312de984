package dev.muster.memory;

import dev.muster.os.NativeException;
import dev.muster.os.RunLock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The regions in a directory, each of them a file.
///
/// **Threads:** any. **Failure:** a process that dies while it creates a region leaves a file of passage, which the
/// master removes, or the next one that creates a region.
final class RegionFiles {
    private static final String LOCK = ".lock";
    private static final String PASSAGE = ".new.";
    private static final String SPARE = ".";
    private static final String MADE = ".made.";

    private final Path path;

    RegionFiles(Path path) {
        this.path = path;
    }

    /// Finds a region, or creates it.
    ///
    /// @param length of the file, if it is to be created
    /// @param fill prepares the body of a new file, which is zeros
    /// @throws MemoryException if there is no memory for it, or it is there with another schema
    Region open(RegionKind kind, String name, String schema, long length, Consumer<MemorySegment> fill) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Region region = attachOrCreate(kind, name, schema, length, fill);
                    region.expect(schema);
                    return region;
                } catch (IOException | NativeException e) {
                    // Nothing here waits for long, and an interrupt is no reason not to know one's tables.
                    if (!byInterrupt(e)) {
                        throw e;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
        } catch (NoSuchFileException e) {
            throw new MemoryException(
                    "cannot create the %s %s: the directory %s is gone; restart the application"
                            .formatted(kind.word(), name, path),
                    e);
        } catch (IOException | NativeException e) {
            throw new MemoryException(
                    "cannot create the %s %s of %d bytes in %s: %s; make room there, or declare less"
                            .formatted(kind.word(), name, length, path, e),
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Whether a file was closed because its thread was interrupted; without native calls the lock is such a file
    /// too.
    private static boolean byInterrupt(Exception e) {
        return e instanceof ClosedByInterruptException
                || e.getCause() instanceof ClosedByInterruptException
                || e.getCause() instanceof FileLockInterruptionException;
    }

    private Region attachOrCreate(
            RegionKind kind, String name, String schema, long length, Consumer<MemorySegment> fill) throws IOException {
        Path file = file(kind, name);
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Region.attach(kind, name, file)
                : underLock(kind, name, schema, length, fill);
    }

    /// One process at a time, because memory for two might not be there.
    private Region underLock(RegionKind kind, String name, String schema, long length, Consumer<MemorySegment> fill)
            throws IOException {
        Path file = file(kind, name);
        try (RunLock _ = lock(kind, name)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return Region.attach(kind, name, file);
            }
            if (Files.exists(spare(kind, name), LinkOption.NOFOLLOW_LINKS)) {
                MemoryDirectory.warn(
                        "somebody has removed " + file + " while the application runs; it is linked again, from "
                                + spare(kind, name).getFileName());
            } else {
                create(kind, name, schema, length, fill);
            }
            link(file, spare(kind, name));
            return Region.attach(kind, name, file);
        }
    }

    private void create(RegionKind kind, String name, String schema, long length, Consumer<MemorySegment> fill)
            throws IOException {
        removePassages();
        if (Files.exists(made(kind, name), LinkOption.NOFOLLOW_LINKS)) {
            throw new MemoryException(
                    "the %s %s is lost: somebody has removed its file %s and the second name %s; a new one would begin"
                                    .formatted(
                                            kind.word(),
                                            name,
                                            file(kind, name),
                                            spare(kind, name).getFileName())
                            + " empty, beside processes that go on with the old one; restart the application, and find"
                            + " who removes files there");
        }
        long free = path.toFile().getUsableSpace();
        // Before the first byte: what is there is others' until then. Where it is not known, 0 is the answer.
        if (free > 0 && free < length) {
            throw new MemoryException(
                    "cannot create the %s %s of %d bytes in %s: %d bytes are free there; make room there, or declare"
                                    .formatted(kind.word(), name, length, path, free)
                            + " less");
        }
        Path fresh = path.resolve(PASSAGE + kind.word() + "." + name);
        try {
            ZeroFile.write(fresh, length);
            MemorySegment memory =
                    Region.memory(fresh, MapMode.READ_WRITE, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
            fill.accept(memory);
            Region.describe(memory, kind, schema);
            Files.move(fresh, spare(kind, name), StandardCopyOption.ATOMIC_MOVE);
            // Last: a region without it is whole all the same, and only not missed later.
            var _ = Files.createFile(made(kind, name));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /// Removes what a process has left that died while it created a region, which may be much. Not while somebody
    /// creates one: that one has done it.
    void tidy() throws IOException {
        if (MemoryDirectory.list(path, PASSAGE).isEmpty()) {
            return;
        }
        Optional<RunLock> lock = RunLock.tryAcquire(path.resolve(LOCK));
        if (lock.isPresent()) {
            try (RunLock _ = lock.get()) {
                removePassages();
            }
        }
    }

    private void removePassages() throws IOException {
        for (Path passage : MemoryDirectory.list(path, PASSAGE)) {
            Files.deleteIfExists(passage);
        }
    }

    private static void link(Path file, Path existing) throws IOException {
        try {
            Files.createLink(file, existing);
        } catch (FileAlreadyExistsException _) {
            // Then it is there.
        }
    }

    private RunLock lock(RegionKind kind, String name) {
        Patience patience = new Patience();
        while (true) {
            Optional<RunLock> lock = RunLock.tryAcquire(path.resolve(LOCK));
            if (lock.isPresent()) {
                return lock.get();
            }
            var _ = patience.pause();
            if (patience.spent()) {
                throw new MemoryException("cannot create the %s %s: process %d has held the lock of %s for too long; is"
                                .formatted(
                                        kind.word(),
                                        name,
                                        RunLock.holder(path.resolve(LOCK)).orElse(0L),
                                        path)
                        + " it stopped?");
            }
        }
    }

    private Path file(RegionKind kind, String name) {
        return path.resolve(kind.word() + "." + name);
    }

    /// The second name of the same file, for the case that somebody removes the first.
    private Path spare(RegionKind kind, String name) {
        return path.resolve(SPARE + kind.word() + "." + name);
    }

    /// An empty file that says that this region was made: nobody makes it a second time.
    private Path made(RegionKind kind, String name) {
        return path.resolve(MADE + kind.word() + "." + name);
    }

    /// The names of all regions of a kind, in order.
    List<String> names(RegionKind kind) {
        String start = kind.word() + ".";
        try {
            return MemoryDirectory.list(path, start).stream()
                    .map(file -> file.getFileName().toString().substring(start.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new MemoryException("cannot read " + path + ": " + e, e);
        }
    }

    /// A region for who only looks; empty if it is gone.
    Optional<Region> look(RegionKind kind, String name) {
        try {
            return Optional.of(Region.look(kind, name, file(kind, name)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new MemoryException("cannot look at the " + kind.word() + " " + name + ": " + e, e);
        }
    }
}
