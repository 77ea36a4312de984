package dev.muster.board;

import dev.muster.os.ProcFs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Where the board of a run directory is, and how its file comes into being.
///
/// **Threads:** any. **Failure:** a master that dies while it creates a board leaves a file `….new`, which the next
/// creation at the same place replaces.
public final class BoardFile {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String NAME = "board";
    private static final int CHUNK = 1 << 16;

    private BoardFile() {}

    /// The place of the board that belongs to a run directory: in it if it is in memory (tmpfs); else in
    /// `/dev/shm`, under a name made of the user and the run directory; else, where that is missing, in the run
    /// directory all the same. The same answer for the master that creates the board and for the next one that
    /// looks for what is left.
    ///
    /// @param runDir an existing directory
    /// @throws BoardException if it cannot be resolved
    public static Path place(Path runDir) {
        try {
            Path real = runDir.toRealPath();
            if (inMemory(real) || !inMemory(SHARED_MEMORY) || !Files.isWritable(SHARED_MEMORY)) {
                return real.resolve(NAME);
            }
            return SHARED_MEMORY.resolve("muster-%d-%016x.board".formatted(self(), hash(real.toString())));
        } catch (IOException e) {
            throw new BoardException(
                    "cannot find the place of the board for run directory %s: %s".formatted(runDir, e), e);
        }
    }

    /// The name of passage of a board that is not complete.
    static Path passage(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /// Makes a file of zeros, mode 0600. The first zeros are really written: where memory is short this fails, no
    /// file is left, and no later store can fail. The rest is a hole.
    ///
    /// @return the file, open for reading and writing
    static FileChannel allocate(Path fresh, long written, long length) throws IOException {
        Files.deleteIfExists(fresh);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        FileChannel channel = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE), mode);
        try {
            fill(channel, 0, written);
            if (written < length) {
                var _ = channel.write(ByteBuffer.allocate(1), length - 1);
            }
            return channel;
        } catch (IOException e) {
            discard(channel, fresh);
            throw e;
        }
    }

    /// Closes and removes a file that is not to become a board.
    static void discard(FileChannel channel, Path fresh) throws IOException {
        try (channel) {
            Files.deleteIfExists(fresh);
        }
    }

    /// Fills a part of a file with zeros that are really written.
    static void fill(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
        for (long at = from; at < to; at += zeros.position()) {
            zeros.clear().limit((int) Math.min(to - at, CHUNK));
            long start = at;
            while (zeros.hasRemaining()) {
                var _ = channel.write(zeros, start + zeros.position());
            }
        }
    }

    /// Whether another user, who could have put the file there, owns it. The superuser may look at everything.
    static boolean foreign(Path file) throws IOException {
        int self = self();
        return self != 0 && self != owner(file);
    }

    private static int self() throws IOException {
        if (ProcFs.present()) {
            return owner(Path.of("/proc/self"));
        }
        Path ours = Files.createTempFile("muster", null);
        try {
            return owner(ours);
        } finally {
            Files.delete(ours);
        }
    }

    private static int owner(Path file) throws IOException {
        // /proc/self is a link, owned as the process is; a board that is a link is none of ours.
        return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean inMemory(Path directory) {
        try {
            return Files.getFileStore(directory).type().equals("tmpfs");
        } catch (IOException e) {
            return false;
        }
    }

    /// FNV-1a, 64 bits.
    private static long hash(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
        }
        return hash;
    }
}
