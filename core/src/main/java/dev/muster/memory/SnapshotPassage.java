package dev.muster.memory;

import dev.muster.os.RunLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// A file on its way to its place: it is written beside it, as `PLACE.UUID.new`, and has the place when it is complete.
///
/// It is locked while it is written, by a lock that the kernel frees at the death of the writer, in whichever
/// container: so whoever saves to the same place next knows what a dead one has left, and removes it. Where a file
/// system knows no locks, nothing is removed.
///
/// **Threads:** one. **Lifetime:** closed by its owner, which removes what did not get to its place.
final class SnapshotPassage implements AutoCloseable {
    /// Those of this process. A lock of it is lost as soon as anybody here closes the same file, so none is looked
    /// at.
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private final Path place;
    private final Path fresh;
    private final FileChannel channel;

    private SnapshotPassage(Path place, Path fresh, FileChannel channel) {
        this.place = place;
        this.fresh = fresh;
        this.channel = channel;
    }

    /// Removes what dead ones have left for this place, and begins a file.
    static SnapshotPassage to(Path place) throws IOException {
        removeStale(place);
        while (true) {
            Optional<SnapshotPassage> begun = begin(place);
            if (begun.isPresent()) {
                return begun.get();
            }
        }
    }

    /// @return empty if another process has taken it for stale, in the instant before it was locked
    private static Optional<SnapshotPassage> begin(Path place) throws IOException {
        Path fresh = place.resolveSibling(place.getFileName() + "." + UUID.randomUUID() + ".new");
        String name = fresh.getFileName().toString();
        OWN.add(name);
        FileChannel channel;
        try {
            channel = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException | RuntimeException e) {
            OWN.remove(name);
            throw e;
        }
        SnapshotPassage passage = new SnapshotPassage(place, fresh, channel);
        if (RunLock.tryLock(channel).orElse(true) && Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(passage);
        }
        passage.close();
        return Optional.empty();
    }

    private static void removeStale(Path place) {
        Path directory = place.toAbsolutePath().getParent();
        if (directory == null) {
            return;
        }
        Pattern passages = Pattern.compile(Pattern.quote(place.getFileName() + ".") + "[0-9a-f-]{36}\\.new");
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, file -> {
            String name = file.getFileName().toString();
            return passages.matcher(name).matches()
                    && !OWN.contains(name)
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        })) {
            for (Path file : found) {
                removeIfStale(file);
            }
        } catch (IOException | DirectoryIteratorException _) {
            // The save itself says what is wrong with the directory.
        }
    }

    private static void removeIfStale(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (RunLock.tryLock(channel).orElse(false)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // It is gone, it is another user's, or the next save removes it.
        }
    }

    /// Where the content is written to.
    FileChannel channel() {
        return channel;
    }

    /// It is complete: gives it its place, when it is on the disk.
    void arrive() throws IOException {
        channel.force(true);
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(fresh);
        } finally {
            OWN.remove(fresh.getFileName().toString());
        }
    }
}
