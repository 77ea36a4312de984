package dev.muster.worker;

import dev.muster.board.BoardSlot;
import java.util.concurrent.locks.LockSupport;

/// The pulse of this process on the board. It says that threads get to run, not that the work makes progress.
///
/// **Threads:** one of its own, with the highest priority; its loop allocates nothing, so that it beats on while the
/// collector is at its limit. **Lifetime:** from the welcome to the end of the process.
final class Heartbeat implements Runnable {
    private static final long PERIOD_NANOS = 500_000_000L;

    private final BoardSlot slot;

    private Heartbeat(BoardSlot slot) {
        this.slot = slot;
    }

    // The priority is a hint only; on a loaded machine it may be what keeps a healthy process from being killed.
    @SuppressWarnings("ThreadPriorityCheck")
    static void start(BoardSlot slot) {
        Thread thread = new Thread(null, new Heartbeat(slot), "muster-heartbeat", 128 * 1024, false);
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    @Override
    public void run() {
        while (true) {
            slot.beat();
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }
}
