package dev.muster.control;

import dev.muster.os.NativeException;
import dev.muster.os.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The socket that clients connect to, and the file that leads to it.
///
/// **Threads:** after [#open(Path)] that of the loop. **Lifetime:** whoever holds the descriptor closes it.
final class ListeningSocket {
    private static final int BACKLOG = 128;

    private final Path path;
    private int fd;
    private @Nullable Object file;

    private ListeningSocket(Path path, int fd) {
        this.path = path;
        this.fd = fd;
        this.file = key(path);
    }

    /// @param path where nothing is
    static ListeningSocket open(Path path) throws IOException {
        return new ListeningSocket(path, UnixSocket.listen(path, BACKLOG));
    }

    int fd() {
        return fd;
    }

    /// Whether the file is still the one that was made for this socket.
    boolean intact() {
        Object now = key(path);
        return now != null && now.equals(file);
    }

    /// Makes another socket with its file. The one before stays open: its descriptor is the caller's to close.
    ///
    /// @return why it could not be made, and then the one before stays; else empty
    String renew() {
        try {
            ControlServer.removeSocket(path);
            fd = UnixSocket.listen(path, BACKLOG);
            file = key(path);
            return "";
        } catch (IOException | NativeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    void removeFile() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // The next one that opens it replaces it.
        }
    }

    private static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException _) {
            return null;
        }
    }
}
