package dev.muster.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// The lock of a [RunLock] in degraded mode: a `FileLock`, which belongs to the process, and is lost as soon as
/// anybody in it closes the same file. So a file that is locked here is never opened again.
///
/// **Threads:** any. **Failure:** somebody who asks for the holder takes a shared lock for an instant; whoever wants
/// the lock in that instant tries again.
final class PlainLock {
    private static final long PATIENCE_NANOS = 300_000_000;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final Map<Path, FileChannel> HELD = new HashMap<>();

    private PlainLock() {}

    /// @param content what to write into the file
    /// @return what gives the lock back; empty if somebody holds it
    static Optional<Runnable> tryAcquire(Path file, ByteBuffer content) {
        synchronized (HELD) {
            try {
                Path known = known(file);
                if (HELD.containsKey(known)) {
                    return Optional.empty();
                }
                FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                if (!locked(channel)) {
                    channel.close();
                    return Optional.empty();
                }
                while (content.hasRemaining()) {
                    int _ = channel.write(content, content.position());
                }
                HELD.put(known, channel);
                return Optional.of(() -> release(known));
            } catch (IOException e) {
                throw new NativeException("lock of " + file, e);
            }
        }
    }

    /// @return the first bytes of the file if somebody holds the lock
    static Optional<ByteBuffer> holder(Path file, int bytes) {
        synchronized (HELD) {
            try {
                FileChannel own = HELD.get(known(file));
                if (own != null) {
                    return Optional.of(head(own, bytes));
                }
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true);
                    return shared == null ? Optional.of(head(channel, bytes)) : Optional.empty();
                }
            } catch (IOException e) {
                throw new NativeException("look at the lock " + file, e);
            }
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        long start = System.nanoTime();
        while (channel.tryLock() == null) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private static void release(Path known) {
        synchronized (HELD) {
            FileChannel channel = HELD.remove(known);
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException _) {
                // The end of the process gives it back as well.
            }
        }
    }

    private static ByteBuffer head(FileChannel channel, int bytes) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(bytes);
        int _ = channel.read(text, 0);
        return text.flip();
    }

    /// One name for each file, whether it exists or not.
    private static Path known(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
    }
}
