package dev.muster.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task at work in this process that may be cancelled meanwhile.
///
/// **Threads:** safe for use by many threads.
interface Cancellable {
    String id();

    /// The number of this attempt, from 1.
    int attempt();

    /// Whether it has been running for so long.
    boolean runsFor(long nanos);

    /// Whether its thread is interrupted when it is cancelled.
    boolean interrupts();

    /// Somebody cancelled it: lets it know, once.
    ///
    /// @param first runs before, unless the task has ended or was cancelled; must not block
    /// @return the hooks that are to be run now, null if it has ended or was cancelled before
    @Nullable
    List<Runnable> cancel(Runnable first);
}
