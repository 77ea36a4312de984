package dev.muster.console.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for conditions.
///
/// **Threads:** blocks the caller. **Failure:** a condition that does not come true is an [Unmet]; so is an interrupt.
final class Waiting {
    /// How long something may take that has no limit of its own: enough for a machine that has other things to do.
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long GLANCE = Duration.ofMillis(5).toNanos();

    private Waiting() {}

    /// Waits for an answer.
    ///
    /// @param what is waited for, for the message
    static <T> T until(String what, Duration limit, Supplier<Optional<T>> question) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new Unmet(what + " did not happen within " + limit.toMillis() + " ms");
            }
            pause(GLANCE);
        }
    }

    /// Waits until it is so.
    ///
    /// @return how long that took, in nanoseconds
    static long untilTrue(String what, Duration limit, BooleanSupplier condition) {
        long start = System.nanoTime();
        boolean _ = until(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
        return System.nanoTime() - start;
    }

    /// Checks that something stays so for a time.
    static void whileTrue(String what, Duration time, BooleanSupplier condition) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            Unmet.unless(condition.getAsBoolean(), what);
            pause(4 * GLANCE);
        }
    }

    /// Lets time pass that is part of a fault.
    static void passing(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            pause(left);
        }
    }

    private static void pause(long nanos) {
        LockSupport.parkNanos(nanos);
        if (Thread.currentThread().isInterrupted()) {
            throw new Unmet("interrupted");
        }
    }
}
