package dev.muster;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pool worker as its own code sees it.
///
/// **Threads:** [#take] belongs to the thread that runs `hook`; the rest may be called from any thread.
/// **Failure:** what was taken and not finished is given back by other workers when this process dies.
public interface WorkerContext {
    /// The slot number of this worker.
    int id();

    /// The name, with `#N` when the pool has several workers.
    String name();

    /// The application around this worker.
    Server server();

    /// Whether the worker was asked to end.
    boolean stopping();

    /// Says that this worker makes progress: its silence counts anew from now.
    void heartbeat();

    /// Takes the next task of the pool's queue, waiting for one up to the given time. Returns early, with nothing,
    /// when a stop is asked for. The task counts as started from now on; finish it before taking the next.
    ///
    /// @throws IllegalStateException if the task that was taken before is not finished
    /// @throws InterruptedException if the thread was interrupted
    Optional<PoolTask> take(Duration wait) throws InterruptedException;

    /// Records what is being worked on, for work that comes from somewhere else than [#take]: it is handed to
    /// [WorkerPool#exiting] if this worker dies. Null clears it.
    ///
    /// @param task at most 65,536 bytes of UTF-8
    /// @throws IllegalArgumentException if longer
    void task(@Nullable String task);
}
