package dev.muster.worker;

import dev.muster.board.BoardSlot;
import java.util.concurrent.locks.LockSupport;

/// The pulse of this process on the board. It says that threads get to run, not that the work makes progress; beside
/// each beat stands whether virtual threads get to run as well.
///
/// **Threads:** one of its own, with the highest priority; its loop allocates nothing and waits for nobody, so that it
/// beats on while the collector is at its limit and no carrier is free. **Lifetime:** from the welcome to the end of
/// the process.
final class Heartbeat implements Runnable {
    private static final long PERIOD_NANOS = 500_000_000L;

    private final BoardSlot slot;
    private final CarrierProbe carriers;

    private Heartbeat(BoardSlot slot, CarrierProbe carriers) {
        this.slot = slot;
        this.carriers = carriers;
    }

    // The priority is a hint only; on a loaded machine it may be what keeps a healthy process from being killed.
    @SuppressWarnings("ThreadPriorityCheck")
    static void start(BoardSlot slot) {
        Thread thread =
                new Thread(null, new Heartbeat(slot, CarrierProbe.start()), "muster-heartbeat", 128 * 1024, false);
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    @Override
    public void run() {
        while (true) {
            slot.beat();
            slot.probeSince(carriers.starvedSince(System.nanoTime()));
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }
}
