package dev.muster.worker;

import dev.muster.board.BoardSlot;
import java.util.concurrent.TimeUnit;

/// How long a pool worker may be silent before it is killed. Three things govern in turn: the heartbeat of the pool
/// while code of the user has the word, the deadline of a task while the built-in loop runs one, and the patience of
/// this class while the worker waits for its broker.
///
/// **Threads:** safe for use by many threads.
final class Silence {
    /// A broker that takes its time is not a hung worker.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(365);

    private final BoardSlot slot;
    private final long limitNanos;
    private boolean begun;
    private int running;

    /// @param limitNanos the heartbeat of the pool; 0 for a worker that may be silent for ever
    Silence(BoardSlot slot, long limitNanos) {
        this.slot = slot;
        this.limitNanos = limitNanos;
    }

    /// The worker is about to be ready. Until then the limit of the boot governs.
    synchronized void begin() {
        begun = true;
        set(limitNanos);
    }

    /// User code has the word from now on, or has shown that it makes progress.
    synchronized void beat() {
        set(limitNanos);
    }

    /// The worker itself has the word, and is about to wait for so long, or for its broker.
    synchronized void waiting(long nanos) {
        set(Math.max(limitNanos, PATIENCE_NANOS) + Math.min(nanos, LONGEST_WAIT_NANOS));
    }

    /// The built-in loop starts a task, whose own deadline governs.
    synchronized void taskStarted() {
        running++;
        if (limitNanos > 0) {
            slot.silenceLimit(0);
        }
    }

    /// That task is over.
    synchronized void taskEnded() {
        running--;
        set(Math.max(limitNanos, PATIENCE_NANOS));
    }

    private void set(long nanos) {
        if (begun && running == 0 && limitNanos > 0) {
            slot.silenceLimit(nanos);
        }
    }
}
