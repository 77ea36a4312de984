package dev.muster.task;

import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What people ask of a store: to be shown queues and tasks, and to set right what went wrong.
///
/// **Threads:** safe for use by many threads. **Failure:** as [Broker].
public interface TaskDesk {
    /// The numbers of every queue that was ever used, by name.
    Map<String, QueueCounts> counts();

    /// Dead letters, newest first; a long message is cut to its first 65,536 characters here, [#find] has it whole.
    List<TaskView> dead(int limit);

    /// One task that is still kept, with its history: not done, or done with a result that is kept for a while.
    Optional<TaskView> find(String id);

    /// As [#find], but its `payload` may be missing: for those who ask often, where the message is dear to find.
    default Optional<TaskView> look(String id) {
        return find(id);
    }

    /// Makes a dead letter ready again with fresh budgets.
    ///
    /// @return false if there is no dead letter with this id
    boolean retry(String id);

    /// Makes all dead letters ready again, but not those that were cancelled.
    ///
    /// @return how many
    int retryAll();

    /// Deletes a task that is ready, scheduled or dead.
    ///
    /// @return false if there is none, or it is claimed
    boolean delete(String id);

    /// Cancels a task. One that is ready or scheduled ends at once as a dead letter with the reason `CANCELLED`.
    /// One that is claimed is marked: its worker asks it to end, and it ends as such a dead letter unless it is
    /// done first; it never comes again.
    Cancellation cancel(String id);

    /// Hands out no task of the queue any more, whoever asks, until [#resume]; tasks are accepted and those that
    /// run go on. A queue that was never used can be paused, too.
    void pause(String queue);

    /// Hands out tasks of the queue again.
    void resume(String queue);

    /// The queues that are paused.
    Set<String> paused();

    /// What [#cancel] did.
    enum Cancellation {
        /// It is cancelled.
        CANCELLED,
        /// It is claimed; its worker will be told.
        ASKED,
        /// No task with this id is waiting or running.
        NOT_FOUND
    }
}
