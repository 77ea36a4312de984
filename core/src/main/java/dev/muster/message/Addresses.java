package dev.muster.message;

import dev.muster.Role;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where the sockets are: `post/t3` in the run directory is that of slot 3, a task worker; `post/c17` is that of life
/// 17, a web worker, for calls about its connections. The names are this short because the path of a socket is limited.
///
/// **Threads:** any.
final class Addresses {
    private static final String LETTERS = "tpuw";
    private static final String DESK = "c";

    private final Path directory;
    private final Map<Integer, Path> known = new ConcurrentHashMap<>();

    Addresses(Path directory) {
        this.directory = directory;
    }

    /// The socket of a slot.
    Path of(Role role, int slot) {
        return directory.resolve(role.word().charAt(0) + Integer.toString(slot));
    }

    /// The socket of a slot whose role is not known, null if there never was one.
    @Nullable
    Path find(int slot) {
        Path path = known.get(slot);
        if (path != null) {
            return path;
        }
        for (int i = 0; i < LETTERS.length(); i++) {
            Path candidate = directory.resolve(LETTERS.charAt(i) + Integer.toString(slot));
            if (Files.exists(candidate)) {
                // A slot keeps its role.
                known.put(slot, candidate);
                return candidate;
            }
        }
        return null;
    }

    /// The slots of a role in which a process has ever taken messages, in order. Some may be empty now.
    List<Integer> slots(Role role) {
        List<Integer> slots = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, role.word().charAt(0) + "*")) {
            for (Path entry : entries) {
                slots.add(Integer.parseInt(String.valueOf(entry.getFileName()).substring(1)));
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException _) {
            // Without the directory nobody can be reached, and whoever asks says so.
        }
        Collections.sort(slots);
        return slots;
    }

    /// The socket of a web worker for calls about its connections.
    ///
    /// @param life which process it is
    Path desk(int life) {
        return directory.resolve(DESK + life);
    }

    /// The lives for which there is such a socket. Some may be dead.
    ///
    /// @throws IOException if they cannot be listed
    List<Integer> desks() throws IOException {
        List<Integer> lives = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, DESK + "*")) {
            for (Path entry : entries) {
                lives.add(Integer.parseInt(String.valueOf(entry.getFileName()).substring(1)));
            }
        } catch (NoSuchFileException _) {
            // The application has ended, and with it all connections.
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(lives);
        return lives;
    }

    /// A name under which nobody looks, for the socket of a web worker that is not complete.
    Path temporaryDesk(int life) {
        return directory.resolve("." + DESK + life);
    }

    /// A name under which nobody looks, for a socket that is not complete.
    Path temporary(long number) {
        return directory.resolve("." + number);
    }
}
