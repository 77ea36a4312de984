package dev.muster.memory;

import static dev.muster.memory.LockDescriptor.LOCK_DEATHS_OFFSET;
import static dev.muster.memory.LockDescriptor.LOCK_FILE_LENGTH;
import static dev.muster.memory.LockDescriptor.LOCK_OWNER_OFFSET;
import static dev.muster.memory.LockDescriptor.LOCK_WAIT_OFFSET;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A lock of which one process of the application at a time has the [Hold], and which the death of that process frees.
///
/// ```java
/// static final SharedLock REPORT = SharedLock.named("report");
///
/// Optional<SharedLock.Hold> hold = REPORT.tryLock(Duration.ofSeconds(5));
/// if (hold.isPresent()) {
///     try (SharedLock.Hold mine = hold.get()) {
///         if (mine.ownerDied()) { … }       // what the last one was doing may be half done
///     }
/// }
/// ```
///
/// What holds it is the [Hold], not the thread: another thread may close it, and a thread that locks it twice waits for
/// itself. Who waits gets it in no certain order.
///
/// **Threads:** any thread of any process of the application; a virtual thread that waits holds no carrier.
/// **Lifetime:** as [Table]. **Failure:** if the process of a holder dies, the next one gets the lock at once when it
/// asks, within 200 ms if it waits already, and is told. A holder that is stopped or hangs keeps it.
public final class SharedLock {
    private final Handle<Body> handle;

    private static final class Body {
        final Region region;
        final MemorySegment memory;
        final WaitWord wait;

        Body(Region region) {
            this.region = region;
            memory = region.memory();
            wait = new WaitWord(memory, LOCK_WAIT_OFFSET);
        }

        /// Takes it if nobody who lives holds it.
        @Nullable
        Hold tryTake() {
            long owner = Words.getLong(memory, LOCK_OWNER_OFFSET);
            if (owner == Owner.NONE) {
                return Words.replaceLong(memory, LOCK_OWNER_OFFSET, Owner.NONE, Owner.SELF)
                        ? new Hold(this, false)
                        : null;
            }
            if (Owner.dead(owner) && Words.replaceLong(memory, LOCK_OWNER_OFFSET, owner, Owner.SELF)) {
                FaultPoint.reached("lock.inherited");
                var _ = Words.addLong(memory, LOCK_DEATHS_OFFSET, 1);
                return new Hold(this, true);
            }
            return null;
        }

        void giveBack() {
            FaultPoint.reached("lock.held");
            Words.setLongVolatile(memory, LOCK_OWNER_OFFSET, Owner.NONE);
            FaultPoint.reached("lock.free");
            wait.wake();
        }
    }

    /// The lock, held. To be closed by whoever has it.
    public static final class Hold implements AutoCloseable {
        private final Body body;
        private final boolean ownerDied;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Hold(Body body, boolean ownerDied) {
            this.body = body;
            this.ownerDied = ownerDied;
        }

        /// Whether the process that held it before died with it: what the lock protects may be half done.
        public boolean ownerDied() {
            return ownerDied;
        }

        /// Gives the lock back; a second time does nothing.
        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                try {
                    body.giveBack();
                } catch (InternalError e) {
                    throw body.region.lost(e);
                }
            }
        }
    }

    private SharedLock(String name) {
        handle = new Handle<>(
                RegionKind.LOCK,
                name,
                (directory, own) ->
                        new Body(directory.regions().open(RegionKind.LOCK, own, "lock", LOCK_FILE_LENGTH, _ -> {})));
    }

    /// The lock of this name in the application of this process.
    ///
    /// @param name 1 to 64 letters, digits, dots, dashes or underscores
    public static SharedLock named(String name) {
        return new SharedLock(name);
    }

    static MemoryReport.LockState state(Region region) {
        long owner = Words.getLong(region.memory(), LOCK_OWNER_OFFSET);
        return new MemoryReport.LockState(
                region.name(),
                owner == Owner.NONE ? 0 : Owner.process(owner).pid(),
                owner != Owner.NONE && !Owner.dead(owner),
                Words.getLong(region.memory(), LOCK_DEATHS_OFFSET));
    }

    /// Its name.
    public String name() {
        return handle.name();
    }

    /// Takes it if nobody who lives holds it. Does not wait.
    public Optional<Hold> tryLock() {
        Body body = handle.get();
        try {
            return Optional.ofNullable(body.tryTake());
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    /// Waits for it.
    ///
    /// @param atMost the limit; 0 or negative: as [#tryLock()]
    /// @return empty if it was held all the time
    /// @throws InterruptedException if the thread is interrupted; a platform thread notices within 100 ms
    public Optional<Hold> tryLock(Duration atMost) throws InterruptedException {
        Body body = handle.get();
        try {
            LockAttempt attempt = new LockAttempt();
            boolean _ = Waiting.until(body.wait, () -> attempt.take(body), atMost);
            return Optional.ofNullable(attempt.hold);
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    /// What a wait leaves behind.
    private static final class LockAttempt {
        private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

        @Nullable
        Hold hold;

        private long asked = System.nanoTime() - BETWEEN_LOOKS_NANOS;

        /// Asks the operating system about the holder at the first look, and then now and then: a thread that
        /// spins must not load it.
        boolean take(Body body) {
            long now = System.nanoTime();
            if (Words.getLong(body.memory, LOCK_OWNER_OFFSET) == Owner.NONE) {
                hold = body.tryTake();
            } else if (now - asked >= BETWEEN_LOOKS_NANOS) {
                asked = now;
                hold = body.tryTake();
            }
            return hold != null;
        }
    }

    /// The process id of the holder, alive or dead; empty if nobody holds it.
    public OptionalLong owner() {
        Body body = handle.get();
        try {
            long owner = Words.getLong(body.memory, LOCK_OWNER_OFFSET);
            return owner == Owner.NONE
                    ? OptionalLong.empty()
                    : OptionalLong.of(Owner.process(owner).pid());
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    /// How often it was taken from a process that had died with it.
    public long deaths() {
        Body body = handle.get();
        try {
            return Words.getLong(body.memory, LOCK_DEATHS_OFFSET);
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    @Override
    public String toString() {
        return "lock " + name();
    }
}
