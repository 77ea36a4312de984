package dev.muster.worker;

import java.time.Duration;

/// Whether virtual threads get to run: one of them counts once a second, and the heartbeat looks whether it has counted
/// on. When all carriers are taken by threads that compute or that are pinned, it has not.
///
/// **Threads:** [#starvedSince(long)] belongs to the heartbeat thread, and allocates nothing and waits for nobody; the
/// counting is done by a virtual thread of its own. **Lifetime:** from the welcome to the end of the process.
/// **Failure:** a probe that ended by an error says nothing any more, rather than something wrong.
final class CarrierProbe {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /// So many looks in a row without an answer are no chance any more; a healthy process shows two or three.
    private static final int OVERDUE = 4;
    /// A look that comes later than this after the one before: everything stood still, not only the carriers.
    private static final long LATE_NANOS = 2_000_000_000L;

    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

    private volatile long answers;
    private volatile boolean ended;
    // What follows belongs to the heartbeat thread.
    private long seen = -1;
    private long answeredAt;
    private long lookedAt;
    private int looks;

    CarrierProbe() {}

    /// Starts the virtual thread.
    static CarrierProbe start() {
        // With a single carrier one run that computes would look like starvation, although nobody else waits.
        if (Runtime.getRuntime().availableProcessors() == 1 && System.getProperty(PARALLELISM) == null) {
            System.setProperty(PARALLELISM, "2");
        }
        CarrierProbe probe = new CarrierProbe();
        Thread _ = Thread.ofVirtual().name("muster-carriers").start(probe::count);
        return probe;
    }

    private void count() {
        try {
            while (true) {
                answer();
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException _) {
            // Only user code that interrupts every thread it can find: this probe is over.
        } finally {
            ended = true;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // of one thread only
    void answer() {
        answers++;
    }

    /// To be called with each beat.
    ///
    /// @return the last answer before virtual threads ceased to run, an instant of `System.nanoTime()`; 0 if they
    ///     run
    long starvedSince(long now) {
        long count = answers;
        boolean late = now - lookedAt > LATE_NANOS;
        lookedAt = now;
        if (count != seen || late) {
            seen = count;
            answeredAt = now == 0 ? 1 : now;
            looks = 0;
            return 0;
        }
        looks = Math.min(looks + 1, OVERDUE);
        return looks < OVERDUE || ended ? 0 : answeredAt;
    }
}
