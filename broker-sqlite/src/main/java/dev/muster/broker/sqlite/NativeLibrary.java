package dev.muster.broker.sqlite;

import dev.muster.task.BrokerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/// Unpacks the driver's native library once into a private directory, where all processes of the application map the
/// same file. Left alone, the driver would unpack it anew for each process into the temporary directory, and would run
/// a program to find out where it is.
///
/// For applications with SQLite databases of their own too: before they open the first one.
///
/// **Threads:** any; processes may do it at once, each result is the same. **Failure:** a process that dies here leaves
/// a file that the next unpacking removes.
public final class NativeLibrary {
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String FILE = "libsqlitejdbc.so";

    private NativeLibrary() {}

    /// Sees to it that the driver loads its library from below the directory. Elsewhere than on Linux on x86-64 and
    /// AArch64 the driver is left to itself, and so it is when the user has told it a place.
    ///
    /// @throws BrokerException if the directory cannot be written or is not private
    public static synchronized void use(Path directory) {
        Optional<String> folder = folder();
        if (folder.isEmpty() || System.getProperty(PATH) != null) {
            return;
        }
        String resource = "/org/sqlite/native/" + folder.get() + "/" + FILE;
        Path home = directory
                .resolve("sqlite-" + SQLiteJDBCLoader.getVersion() + "-"
                        + folder.get().replace('/', '-'))
                .toAbsolutePath();
        try {
            Directories.makePrivate(home);
            checkPrivate(home);
            Path library = home.resolve(FILE);
            if (!complete(library, resource)) {
                unpack(resource, home, library);
            }
        } catch (IOException e) {
            throw new BrokerException(
                    "cannot unpack the native library of SQLite into " + home + ": " + e
                            + "; make that directory writable, or set data.dir to another",
                    e);
        }
        System.setProperty(NAME, FILE);
        System.setProperty("org.sqlite.tmpdir", home.toString());
        System.setProperty(PATH, home.toString());
    }

    private static Optional<String> folder() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return Optional.empty();
        }
        String libc = OSInfo.isMusl() ? "Linux-Musl/" : "Linux/";
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> Optional.of(libc + "x86_64");
            case "aarch64" -> Optional.of(libc + "aarch64");
            default -> Optional.empty();
        };
    }

    /// Code is loaded from there: nobody else may be able to put a file into it.
    private static void checkPrivate(Path home) throws IOException {
        PosixFileAttributes found = Files.readAttributes(home, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String mode = PosixFilePermissions.toString(found.permissions());
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Object owner = Files.getAttribute(home, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory() || !owner.equals(self) || !mode.endsWith("------")) {
            throw new BrokerException("will not load the native library of SQLite from " + home + " (owner "
                    + found.owner().getName() + ", mode " + mode
                    + "): it must be a directory of this user with the mode rwx------; remove it, it is made again");
        }
    }

    private static boolean complete(Path library, String resource) throws IOException {
        return Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS) && Files.size(library) == size(resource);
    }

    private static long size(String resource) throws IOException {
        var url = SQLiteJDBCLoader.class.getResource(resource);
        if (url == null) {
            throw new IOException("the driver has no " + resource);
        }
        var connection = url.openConnection();
        connection.setUseCaches(false);
        try (InputStream _ = connection.getInputStream()) {
            return connection.getContentLengthLong();
        }
    }

    private static void unpack(String resource, Path home, Path library) throws IOException {
        removeLeftovers(home);
        Path part = Files.createTempFile(home, "part-", ".so");
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the driver has no " + resource);
            }
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
                long _ = in.transferTo(Channels.newOutputStream(out));
                out.force(true);
            }
            Path _ = Files.move(part, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            boolean _ = Files.deleteIfExists(part);
        }
    }

    private static void removeLeftovers(Path home) throws IOException {
        long old = System.currentTimeMillis() - 60_000;
        try (var parts = Files.newDirectoryStream(home, "part-*")) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).toMillis() < old) {
                    boolean _ = Files.deleteIfExists(part);
                }
            }
        }
    }
}
