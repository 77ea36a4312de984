package dev.muster.task;

import dev.muster.task.Broker.NewTask;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that are accepted together.
///
/// ```java
/// TaskBatch batch = Tasks.batch();
/// for (long user : users) {
///     String _ = batch.with().enqueue("mail.send", user);
/// }
/// List<String> ids = batch.enqueue();
/// ```
///
/// **Threads:** one at a time. **Failure:** nothing is kept before [#enqueue()] returns. On SQLite and PostgreSQL all
/// of it is accepted or nothing; on Redis all tasks of one queue are, in portions of 500.
public final class TaskBatch {
    private static final int MOST = 10_000;

    private final Destination destination;
    private final TaskIds ids = new TaskIds();
    private final List<NewTask> tasks = new ArrayList<>();

    TaskBatch(Destination destination) {
        this.destination = destination;
    }

    /// What is enqueued through it joins the batch. The id is returned at once, and the task accepted later. Under
    /// a unique key that is taken, the id of the task that is there is told by [#enqueue()] only.
    public TaskSubmission with() {
        return new TaskSubmission(new TaskSubmission.Route() {
            @Override
            public String defaultQueue() {
                return destination.defaultQueue();
            }

            @Override
            public String queueOf(String task) {
                return destination.queueOf(task);
            }

            @Override
            public String send(NewTask task, @Nullable Connection connection) {
                if (connection != null) {
                    throw new IllegalArgumentException(
                            "a task of a batch has no transaction of its own; call enqueue(connection) on the batch");
                }
                return add(task);
            }
        });
    }

    private String add(NewTask task) {
        if (tasks.size() == MOST) {
            throw new IllegalStateException("a batch has at most " + MOST + " tasks; enqueue it and begin another");
        }
        String id = ids.next();
        tasks.add(new NewTask(
                id, task.queue(), task.payload(), task.delay(), task.bornDead(), task.priority(), task.unique()));
        return id;
    }

    /// How many tasks it has.
    public int size() {
        return tasks.size();
    }

    /// Has all of them accepted, and is empty then.
    ///
    /// @return their ids, in the order in which they were added
    public List<String> enqueue() {
        return sent(null);
    }

    /// As [#enqueue()], inside the transaction of the caller, see [TaskSubmission#in(Connection)].
    public List<String> enqueue(Connection connection) {
        return sent(connection);
    }

    private List<String> sent(@Nullable Connection connection) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        Broker broker = destination.broker();
        List<String> accepted = connection == null ? broker.enqueue(tasks) : broker.enqueue(connection, tasks);
        tasks.clear();
        return accepted;
    }
}
