package dev.muster.task;

import java.time.Duration;
import java.time.Instant;

/// What a running task may ask about itself. A method with [Task] gets it as a parameter of this type, at any place; it
/// is no parameter of the message. The code below it finds it with [#current()].
///
/// **Threads:** every method may be called by any thread. **Lifetime:** one attempt; what it says stays true
/// afterwards. **Failure:** it lives in this process alone. Applications do not implement it: it will be asked for
/// more.
public interface TaskContext {
    /// The context of the task that runs on this thread.
    ///
    /// @throws IllegalStateException if none does: threads that a task starts do not know it, give it to them; a
    ///     hand-written `hook` has the `PoolTask` instead
    static TaskContext current() {
        return RunningTask.current();
    }

    /// The id under which the task was accepted.
    String id();

    /// The queue in which it lay.
    String queue();

    /// The number of this attempt, from 1. Crashes of its worker and snoozes do not count.
    int attempt();

    /// A number that grows each time the task is handed to a worker: the fencing token of this attempt.
    ///
    /// A worker may be frozen so long that its task is given to another one, and wake up then. What it writes to
    /// Muster's store is refused; what it writes elsewhere is yours to fence: keep the token beside what is
    /// written, under the id of the task, and let a write win only over a smaller or the same one:
    ///
    /// ```sql
    /// UPDATE report SET body = ?, token = ? WHERE task = ? AND token <= ?
    /// ```
    long token();

    /// When the process is killed if the attempt has not ended, by the clock of this machine as it was when the
    /// attempt began. For calls to others; [#timeLeft()] is not fooled by a clock that is set.
    Instant deadline();

    /// The time until then, zero if it is over.
    Duration timeLeft();

    /// Whether the attempt has reached its soft limit: its thread was interrupted then, once. Stays true.
    boolean softLimitReached();

    /// Whether somebody cancelled the task: its thread was interrupted then, once, and its process is killed five
    /// seconds later if it has not ended. Noticed within two seconds of the order. Stays true.
    boolean cancelled();

    /// As [#onSoftLimit(Runnable)], for the moment in which the task is cancelled.
    void onCancel(Runnable hook);

    /// Says how far the task has come, for `Tasks.status` and `muster tasks show`. Blocks until the store has it: a
    /// few times a second is often enough. When another worker has the task by now, nothing happens.
    ///
    /// @param value what Jackson can write as JSON, of at most 4,096 characters; replaces what was said before
    /// @throws BrokerException if the store could not take it
    void progress(Object value);

    /// Runs this when the soft limit is reached, once, on a thread that is not the task's; if it has been reached
    /// already, now and here. It runs beside the interrupted task, perhaps until after its end: for what an
    /// interrupt does not reach, such as a statement that a database works on. Never runs if the task ends first.
    ///
    /// @param hook what it throws is logged
    void onSoftLimit(Runnable hook);
}
