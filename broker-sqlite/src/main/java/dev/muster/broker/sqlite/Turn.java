package dev.muster.broker.sqlite;

import dev.muster.broker.sql.Changes;
import dev.muster.os.Futex;
import dev.muster.os.NativeException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A small file beside the database, mapped by every process that has it open: who waits to write, who wrote last, and
/// whether something changed. SQLite's own lock decides who writes; this only makes the last writer stand back for a
/// moment when another one waits, and spares the waiting for tasks its polling. Layout: docs/protocol/sqlite.md.
///
/// All words are hints. A value that is old, torn or garbage, a process that dies here, a file that is removed: each
/// costs milliseconds of fairness, or up to five seconds until a task is seen, and never correctness. A file that
/// somebody truncates is another matter: touching a mapping without a file behind it is an error that the virtual
/// machine may report late, and which then ends the process.
///
/// **Threads:** safe for use by many threads and processes. **Lifetime:** the mapping stays until the process ends.
final class Turn implements Changes {
    private static final System.Logger LOG = System.getLogger("dev.muster.broker.sqlite");

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long WAITER_TIME = 0;
    private static final long WAITER_PID = 8;
    private static final long HOLDER_PID = 12;
    private static final long ANY_CHANGE = 16;
    private static final long RELEASES = 20;
    private static final long CHANGES = 64;
    private static final int BUCKETS = 64;
    private static final int SIZE = 64 + BUCKETS * Integer.BYTES;

    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long STEP = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long BLIND_STEP = TimeUnit.MILLISECONDS.toNanos(100);

    private final int self = (int) ProcessHandle.current().pid();
    private volatile @Nullable MemorySegment words;

    private Turn(@Nullable MemorySegment words) {
        this.words = words;
    }

    /// Opens the file, making it if needed. Without it the broker works, less fairly.
    static Turn open(Path file) {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            // Real zeros: a store into a hole would fail when the disk is full.
            while (channel.size() < SIZE) {
                int _ = channel.write(ByteBuffer.allocate((int) (SIZE - channel.size())), channel.size());
            }
            return new Turn(channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, Arena.ofAuto()));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(
                    Level.WARNING,
                    "cannot map " + file + ": " + e + "; new tasks are looked for ten times a second, and one process"
                            + " may get more of them than another");
            return new Turn(null);
        }
    }

    /// For a database that one process has for itself.
    static Turn alone() {
        return new Turn(null);
    }

    /// The last holder lets a waiter of another process go first, for a bounded time.
    void standBack() {
        MemorySegment map = words;
        if (map == null) {
            return;
        }
        try {
            long start = System.nanoTime();
            while ((int) INT.getVolatile(map, HOLDER_PID) == self
                    && (int) INT.getVolatile(map, WAITER_PID) != self
                    && Math.abs(System.nanoTime() - (long) LONG.getVolatile(map, WAITER_TIME)) < FRESH
                    && System.nanoTime() - start < PATIENCE) {
                LockSupport.parkNanos(STEP);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        } catch (InternalError | NativeException e) {
            lost(e);
        }
    }

    /// This process waits for its turn.
    void waiting() {
        MemorySegment map = words;
        if (map == null) {
            return;
        }
        try {
            INT.setVolatile(map, WAITER_PID, self);
            LONG.setVolatile(map, WAITER_TIME, System.nanoTime());
        } catch (InternalError | NativeException e) {
            lost(e);
        }
    }

    /// As [#waiting()], and sleeps until somebody says that he has written, at most for so long.
    void awaitRelease(long nanos) {
        MemorySegment map = words;
        if (map == null) {
            LockSupport.parkNanos(nanos);
            return;
        }
        try {
            int seen = (int) INT.getVolatile(map, RELEASES);
            waiting();
            boolean _ = Futex.await(map, RELEASES, seen, Duration.ofNanos(nanos));
        } catch (InternalError | NativeException e) {
            lost(e);
        }
    }

    /// This process has written; whoever waits need not sleep any longer.
    void released() {
        MemorySegment map = words;
        try {
            if (map != null
                    && Math.abs(System.nanoTime() - (long) LONG.getVolatile(map, WAITER_TIME)) < FRESH
                    && (int) INT.getVolatile(map, WAITER_PID) != self) {
                bump(RELEASES);
            }
        } catch (InternalError | NativeException e) {
            lost(e);
        }
    }

    /// This process has its turn.
    void holding() {
        MemorySegment map = words;
        if (map == null) {
            return;
        }
        try {
            INT.setVolatile(map, HOLDER_PID, self);
            if ((int) INT.getVolatile(map, WAITER_PID) == self) {
                LONG.setVolatile(map, WAITER_TIME, 0L);
            }
        } catch (InternalError | NativeException e) {
            lost(e);
        }
    }

    /// The process that wrote last, 0 if unknown; for people.
    int lastHolder() {
        MemorySegment map = words;
        try {
            return map == null ? 0 : (int) INT.getVolatile(map, HOLDER_PID);
        } catch (InternalError | NativeException e) {
            lost(e);
            return 0;
        }
    }

    @Override
    public int changes(List<String> queues) {
        MemorySegment map = words;
        try {
            return map == null ? 0 : (int) INT.getVolatile(map, word(queues));
        } catch (InternalError | NativeException e) {
            lost(e);
            return 0;
        }
    }

    @Override
    public void changed(String queue) {
        bump(word(queue));
        bump(ANY_CHANGE);
    }

    @Override
    public void changed() {
        for (int i = 0; i < BUCKETS; i++) {
            bump(CHANGES + (long) i * Integer.BYTES);
        }
        bump(ANY_CHANGE);
    }

    @Override
    public void await(List<String> queues, int seen, long nanos) {
        MemorySegment map = words;
        if (map == null) {
            LockSupport.parkNanos(Math.min(nanos, BLIND_STEP));
            return;
        }
        try {
            boolean _ = Futex.await(map, word(queues), seen, Duration.ofNanos(nanos));
        } catch (InternalError | NativeException e) {
            lost(e);
        }
    }

    private void bump(long word) {
        MemorySegment map = words;
        if (map == null) {
            return;
        }
        try {
            int _ = (int) INT.getAndAdd(map, word, 1);
            int _ = Futex.wakeAll(map, word);
        } catch (InternalError | NativeException e) {
            lost(e);
        }
    }

    /// Who waits for several queues waits on the word of all.
    private static long word(List<String> queues) {
        return queues.size() == 1 ? word(queues.getFirst()) : ANY_CHANGE;
    }

    /// Queues share words; a wake-up for another queue is a look in vain.
    private static long word(String queue) {
        int hash = queue.hashCode();
        return CHANGES + (long) ((hash ^ hash >>> 16) & BUCKETS - 1) * Integer.BYTES;
    }

    /// The file was truncated under the mapping, and it was noticed in time.
    private void lost(Throwable e) {
        words = null;
        LOG.log(Level.WARNING, "the turn file of the queue was truncated by somebody; going on without it", e);
    }
}
