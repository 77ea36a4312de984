package dev.muster.memory;

import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory in memory where the regions of one running application are files. Its name holds the identity of the
/// master, so that no process of an earlier one finds it.
///
/// **Threads:** any. **Lifetime:** made and removed by the master. **Failure:** after the death of a master it stays
/// until the next start removes it.
public final class MemoryDirectory {
    private static final Pattern OF_A_MASTER = Pattern.compile("\\.(\\d{1,10})\\.(\\d{1,18})");

    private final Path path;
    private final RegionFiles regions;
    private final List<Runnable> leaving = new ArrayList<>();
    // Guarded by `leaving`.
    private boolean left;

    private MemoryDirectory(Path path) {
        this.path = path;
        regions = new RegionFiles(path);
    }

    /// Makes that of a master that starts, and removes those of dead ones.
    ///
    /// @param board the file of the board, beside which it stands
    /// @param master whose it is
    /// @throws MemoryException if it cannot be made
    public static MemoryDirectory create(Path board, Identity master) {
        String prefix = prefix(board);
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

    /// Removes what a process has left that died while it created a region: memory that nobody can use. For the
    /// master, after an end.
    public void tidy() {
        try {
            regions.tidy();
        } catch (NoSuchFileException _) {
            // The whole directory is gone: whoever uses it says so.
        } catch (IOException | NativeException e) {
            warn("cannot remove what a process has left in " + path + ": " + e + "; the next one that creates something"
                    + " there tries it again");
        }
    }

    RegionFiles regions() {
        return regions;
    }

    /// What to run when this process does not use the directory any more.
    ///
    /// @return false if that is so already; the action is not run then
    boolean onLeave(Runnable action) {
        synchronized (leaving) {
            return !left && leaving.add(action);
        }
    }

    void forget() {
        synchronized (leaving) {
            left = true;
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

    static List<Path> list(Path directory, String prefix) throws IOException {
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
    static void warn(String text) {
        System.getLogger("dev.muster.memory").log(Level.WARNING, text);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
