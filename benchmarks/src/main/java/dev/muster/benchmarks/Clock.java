package dev.muster.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Instants of `System.nanoTime()`, which is the same clock in every process of the machine.
final class Clock {
    private Clock() {}

    /// Waits for an instant, at least.
    static void await(long instant) {
        for (long left = instant - System.nanoTime(); left > 0; left = instant - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void await(Duration duration) {
        await(System.nanoTime() + duration.toNanos());
    }
}
