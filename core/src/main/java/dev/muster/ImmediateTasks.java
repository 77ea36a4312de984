package dev.muster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Tasks that a task worker runs at once, in its memory only: quick, and gone with the worker. What must survive a
/// death belongs into the queue, see [dev.muster.task.Tasks].
///
/// A task goes to a task worker that does nothing; if all work, to the one with the shortest backlog, which holds at
/// most `messages.backlog` (1,024) of them. In a task worker itself they run inline, on the calling thread.
///
/// No task is lost silently. Its submitter hears of the result, the exception, that no worker took it, or that the
/// worker died with it. A worker that is reloaded or stopped ends what it has accepted; new ones go to its heir.
///
/// **Threads:** all methods may be called from any thread. A platform thread that waits reads its answer itself, and
/// has it sooner than a virtual one.
public interface ImmediateTasks {
    /// Submits a task and returns when a worker has accepted it. [ServerListener#onFinish] of this process is told
    /// how it ended; if this process ends in order before it does, that it is lost, though it may be run.
    ///
    /// @param data 0 bytes to `messages.maxSize`
    /// @return its number, unique in the life of this process
    /// @throws MessageException if no task worker accepted it within `messages.sendTimeout`
    long task(byte[] data);

    /// The same with text as UTF-8.
    ///
    /// @throws IllegalArgumentException if it contains half of a surrogate pair, too
    long task(String data);

    /// Submits a task and returns at once.
    ///
    /// @return completed with what `onTask` returned; exceptionally with a [TaskFailedException] if it threw, or a
    ///     [MessageException] if no worker accepted it or its worker died. Dependent actions run on the
    ///     thread that brings the result, one of Muster or one that waits for another result, and must not block.
    CompletableFuture<byte[]> taskAsync(byte[] data);

    /// Submits a task and waits for its result. After a time-out it may still be run; its result is dropped.
    ///
    /// @param wait the limit; 0 or negative: it is submitted all the same, and not waited for
    /// @throws MessageException if there was no result in time, no worker accepted it, or its worker died
    /// @throws TaskFailedException if `onTask` threw
    byte[] taskWait(byte[] data, Duration wait);

    /// Submits several tasks and waits for all of them together.
    ///
    /// @param wait the limit for all together; 0 or negative: they are submitted all the same
    /// @return one future for each, in the order of the list, and each of them completed: with the result, or
    ///     exceptionally as in [#taskAsync]; with a [MessageException] of the reason TIMEOUT if it came too late
    List<CompletableFuture<byte[]>> taskWaitMulti(List<byte[]> tasks, Duration wait);
}
