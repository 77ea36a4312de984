package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.WorkerPool;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Runs `exiting` of a pool, within its time.
///
/// **Threads:** on a thread of its own; the caller waits. **Failure:** what it throws is logged; what does not end in
/// time is interrupted and left behind.
final class Exiting {
    /// How long it may take.
    static final Duration LIMIT = Duration.ofSeconds(5);

    private Exiting() {}

    /// @param worker name of the worker that ended, for the log
    /// @return false if it failed or took too long
    static boolean run(
            WorkerPool.Access pool, ExitReason reason, @Nullable String task, String worker, Duration limit) {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(
                () -> {
                    try {
                        pool.exiting(reason, task);
                    } catch (Throwable e) {
                        thrown[0] = e;
                    }
                },
                "muster-exiting");
        thread.setDaemon(true);
        thread.start();
        try {
            if (!thread.join(limit)) {
                thread.interrupt();
                System.getLogger("dev.muster.worker")
                        .log(
                                Level.WARNING,
                                "exiting for the worker " + worker + " took longer than " + limit.toMillis()
                                        + " ms and is not waited for any more");
                return false;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (thrown[0] != null) {
            System.getLogger("dev.muster.worker")
                    .log(Level.ERROR, "exiting for the worker " + worker + " failed", thrown[0]);
            return false;
        }
        return true;
    }
}
