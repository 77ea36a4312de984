package dev.muster.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The lock of a run directory as the JDK can take it, without native calls: for an application that is one JVM. It
/// excludes a [RunLock] and is excluded by one, and `RunLock.holder` sees it. It is a lock of the process: it is lost
/// when this process opens and closes the same file elsewhere, which nothing of ours does.
///
/// **Threads:** any. **Lifetime:** until [#close()] or the end of the process; the file stays. **Failure:** after the
/// holder's death the next one gets it at once.
public final class InlineLock implements AutoCloseable {
    /// Asked before the file is opened: to close it again would give back the lock that this process holds.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private InlineLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Takes the lock if nobody holds it, also not in this JVM, and writes the own pid into the file. Does not
    /// wait.
    ///
    /// @return empty if somebody holds it
    /// @throws IOException if the file cannot be opened, locked or written
    public static Optional<InlineLock> tryAcquire(Path file) throws IOException {
        Path real = Objects.requireNonNull(file.toAbsolutePath().getParent())
                .toRealPath()
                .resolve(file.getFileName());
        if (!HELD.add(real)) {
            return Optional.empty();
        }
        boolean kept = false;
        FileChannel channel = null;
        try {
            channel = open(real);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return Optional.empty();
            }
            // As long as RunLock writes it, so that nothing stays of a longer one.
            String pid = "%-11d\n".formatted(ProcessHandle.current().pid());
            int _ = channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            kept = true;
            return Optional.of(new InlineLock(real, channel));
        } finally {
            if (!kept) {
                boolean _ = HELD.remove(real);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /// Gives the lock back; a second time does nothing.
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            channel.close();
            boolean _ = HELD.remove(file);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
