package dev.muster.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// The lock of a run directory as the JDK can take it, without native calls: for an application that is one JVM. It
/// excludes a [RunLock] and is excluded by one, and `RunLock.holder` sees it. It is a lock of the process: it is lost
/// when this process opens and closes the same file elsewhere, which nothing of ours does.
///
/// **Threads:** any. **Lifetime:** until [#close()] or the end of the process; the file stays. **Failure:** after the
/// holder's death the next one gets it at once.
public final class InlineLock implements AutoCloseable {
    private final FileChannel channel;

    private InlineLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock if nobody holds it, also not in this JVM, and writes the own pid into the file. Does not
    /// wait.
    ///
    /// @return empty if somebody holds it
    /// @throws IOException if the file cannot be opened, locked or written
    public static Optional<InlineLock> tryAcquire(Path file) throws IOException {
        FileChannel channel = open(file);
        boolean kept = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return Optional.empty();
            }
            // As long as RunLock writes it, so that nothing stays of a longer one.
            String pid = "%-11d\n".formatted(ProcessHandle.current().pid());
            int _ = channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            kept = true;
            return Optional.of(new InlineLock(channel));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    /// Gives the lock back; a second time does nothing.
    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
