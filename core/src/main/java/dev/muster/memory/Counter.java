package dev.muster.memory;

import static dev.muster.memory.CounterDescriptor.COUNTER_FILE_LENGTH;
import static dev.muster.memory.CounterDescriptor.COUNTER_VALUE_OFFSET;
import static dev.muster.memory.CounterDescriptor.COUNTER_WAIT_OFFSET;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongPredicate;

/// A number of 64 bits that all processes of an application share, 0 at first. Every operation is atomic, and who waits
/// for the number is woken by who changes it.
///
/// ```java
/// static final Counter OPEN = Counter.named("open");
///
/// OPEN.add(1);
/// OPEN.await(open -> open == 0, Duration.ofSeconds(5));
/// ```
///
/// **Threads:** any thread of any process of the application; a virtual thread that waits holds no carrier.
/// **Lifetime:** as [Table]. **Failure:** a change was made or not, whoever dies. Who dies between a change and the
/// wake-up wakes nobody: those who wait see the change within 100 ms all the same.
public final class Counter {
    private static final class Body {
        final Region region;
        final MemorySegment memory;
        final WaitWord wait;

        Body(Region region) {
            this.region = region;
            memory = region.memory();
            wait = new WaitWord(memory, COUNTER_WAIT_OFFSET);
        }
    }

    private final Handle<Body> handle;

    private Counter(String name) {
        handle = new Handle<>(
                RegionKind.COUNTER,
                name,
                (directory, own) -> new Body(
                        directory.regions().open(RegionKind.COUNTER, own, "int64", COUNTER_FILE_LENGTH, _ -> {})));
    }

    /// The counter of this name in the application of this process.
    ///
    /// @param name 1 to 64 letters, digits, dots, dashes or underscores
    public static Counter named(String name) {
        return new Counter(name);
    }

    static long value(Region region) {
        return Words.getLong(region.memory(), COUNTER_VALUE_OFFSET);
    }

    /// Its name.
    public String name() {
        return handle.name();
    }

    /// The number at this moment.
    public long get() {
        Body body = handle.get();
        try {
            return Words.getLongVolatile(body.memory, COUNTER_VALUE_OFFSET);
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    /// Makes it this number.
    public void set(long value) {
        Body body = handle.get();
        try {
            Words.setLongVolatile(body.memory, COUNTER_VALUE_OFFSET, value);
            body.wait.wake();
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    /// Adds to it. Beyond 64 bits it wraps, as `long` does.
    ///
    /// @return the sum
    public long add(long delta) {
        Body body = handle.get();
        try {
            // The load comes first for the case that the file was truncated, see TableChains.lock().
            long _ = Words.getLong(body.memory, COUNTER_VALUE_OFFSET);
            long sum = Words.addLong(body.memory, COUNTER_VALUE_OFFSET, delta) + delta;
            FaultPoint.reached("counter.changed");
            body.wait.wake();
            return sum;
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    /// Makes it another number if it is the one expected.
    ///
    /// @return whether it was
    public boolean compareAndSet(long expected, long value) {
        Body body = handle.get();
        try {
            boolean changed = Words.getLong(body.memory, COUNTER_VALUE_OFFSET) == expected
                    && Words.replaceLong(body.memory, COUNTER_VALUE_OFFSET, expected, value);
            if (changed) {
                body.wait.wake();
            }
            return changed;
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    /// Waits until the number is as it shall be. A number that it is only for a moment may be missed.
    ///
    /// @param atMost the limit; 0 or negative: only looks
    /// @return false if it was not in time
    /// @throws InterruptedException if the thread is interrupted; a platform thread notices within 100 ms
    public boolean await(LongPredicate condition, Duration atMost) throws InterruptedException {
        Objects.requireNonNull(condition, "condition");
        Body body = handle.get();
        try {
            return Waiting.until(
                    body.wait, () -> condition.test(Words.getLongVolatile(body.memory, COUNTER_VALUE_OFFSET)), atMost);
        } catch (InternalError e) {
            throw body.region.lost(e);
        }
    }

    @Override
    public String toString() {
        return "counter " + name();
    }
}
