package dev.muster.memory;

import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.RunLock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory in memory where the regions of one running application are files. Its name holds the identity of the
/// master, so that no process of an earlier one finds it.
///
/// **Threads:** any. **Lifetime:** made and removed by the master. **Failure:** after the death of a master it stays
/// until the next start removes it. A process that dies while it creates a region leaves a file of passage, which the
/// next one that creates a region removes.
public final class MemoryDirectory {
    private static final Pattern OF_A_MASTER = Pattern.compile("\\.(\\d{1,10})\\.(\\d{1,18})");
    private static final String LOCK = ".lock";
    private static final String PASSAGE = ".new.";
    private static final String SPARE = ".";

    private final Path path;
    private final List<Runnable> leaving = new ArrayList<>();

    private MemoryDirectory(Path path) {
        this.path = path;
    }

    /// Makes that of a master that starts, and removes those of dead ones.
    ///
    /// @param board the file of the board, beside which it stands
    /// @param master whose it is
    /// @throws MemoryException if it cannot be made
    public static MemoryDirectory create(Path board, Identity master) {
        String prefix = prefix(board);
        Path parent = parent(board);
        for (Path old : all(board)) {
            if (identity(old, prefix).filter(Identity::alive).isEmpty()) {
                remove(old);
            }
        }
        Path path = place(board, master);
        try {
            // What is there has our own identity: another application in this JVM, inline, that did not end well.
            remove(path);
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new MemoryDirectory(path);
        } catch (IOException e) {
            throw new MemoryException(
                    "cannot make the directory " + path + " for shared memory: " + e
                            + "; make room or give another run.dir",
                    e);
        }
    }

    /// That of a master for its children. Looks at nothing yet.
    ///
    /// @param board the file of the board, beside which it stands
    public static MemoryDirectory of(Path board, Identity master) {
        return at(place(board, master));
    }

    static MemoryDirectory at(Path path) {
        return new MemoryDirectory(path);
    }

    private static Path place(Path board, Identity master) {
        return parent(board).resolve(prefix(board) + "." + master.pid() + "." + master.startTime());
    }

    /// All that are beside this board, of whichever master.
    public static List<Path> all(Path board) {
        return of(parent(board), prefix(board));
    }

    /// That of the application which has this board and runs.
    public static Optional<MemoryDirectory> find(Path board) {
        String prefix = prefix(board);
        return all(board).stream()
                .filter(path -> identity(path, prefix).filter(Identity::alive).isPresent())
                .findFirst()
                .map(MemoryDirectory::new);
    }

    /// Where it is.
    public Path path() {
        return path;
    }

    /// Removes it with all regions. Who has them mapped keeps what is in them.
    public void delete() {
        forget();
        remove(path);
    }

    /// Finds a region, or creates it.
    ///
    /// @param length of the file, if it is to be created
    /// @param fill prepares the body of a new file, which is zeros
    /// @throws MemoryException if there is no memory for it, or it is there with another schema
    Region open(RegionKind kind, String name, String schema, long length, Consumer<MemorySegment> fill) {
        Path file = file(kind, name);
        try {
            Region region = Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? Region.attach(kind, name, file)
                    : underLock(kind, name, schema, length, fill);
            region.expect(schema);
            return region;
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
        }
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
                warn("somebody has removed " + file + " while the application runs; it is linked again, from "
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
        for (Path passage : list(path, PASSAGE)) {
            Files.deleteIfExists(passage);
        }
        Path fresh = path.resolve(PASSAGE + kind.word() + "." + name);
        try {
            ZeroFile.write(fresh, length);
            MemorySegment memory =
                    Region.memory(fresh, MapMode.READ_WRITE, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
            fill.accept(memory);
            Region.describe(memory, kind, schema);
            Files.move(fresh, spare(kind, name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(fresh);
            throw e;
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

    /// The names of all regions of a kind, in order.
    List<String> names(RegionKind kind) {
        String start = kind.word() + ".";
        try {
            return list(path, start).stream()
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

    /// What to run when this process does not use the directory any more.
    void onLeave(Runnable action) {
        synchronized (leaving) {
            leaving.add(action);
        }
    }

    void forget() {
        synchronized (leaving) {
            leaving.forEach(Runnable::run);
            leaving.clear();
        }
    }

    private static Path parent(Path board) {
        Path parent = board.toAbsolutePath().getParent();
        return parent == null ? board.getRoot() : parent;
    }

    /// `board` becomes `memory`, and `X.board` becomes `X.memory`.
    private static String prefix(Path board) {
        String name = board.getFileName().toString();
        return (name.endsWith("board") ? name.substring(0, name.length() - "board".length()) : name + ".") + "memory";
    }

    private static List<Path> of(Path parent, String prefix) {
        try {
            return list(parent, prefix).stream()
                    .filter(path -> identity(path, prefix).isPresent())
                    .toList();
        } catch (IOException e) {
            throw new MemoryException("cannot read " + parent + ": " + e, e);
        }
    }

    private static Optional<Identity> identity(Path path, String prefix) {
        Matcher matcher = OF_A_MASTER.matcher(path.getFileName().toString().substring(prefix.length()));
        return matcher.matches()
                ? Optional.of(new Identity(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    private static List<Path> list(Path directory, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }

    private static void remove(Path directory) {
        try {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                for (Path file : list(directory, "")) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            warn("cannot remove " + directory + ": " + e + "; remove it by hand");
        }
    }

    /// Asks for the logger only here: a master that has nothing to say does not load the application's logging.
    private static void warn(String text) {
        System.getLogger("dev.muster.memory").log(Level.WARNING, text);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
