package dev.muster.broker.sql;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.TaskIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Accepts tasks. Threads that come while another one waits for the disk are served together by the next transaction.
///
/// **Threads:** safe for use by many threads.
final class Enqueueing {
    /// No more tasks than these go into one transaction, so that claims get their turn.
    private static final int MAX_GROUP = 10_000;

    private final Store store;
    private final Insertion insertion;
    private final TaskIds ids = new TaskIds();
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    // Fair: whoever was served only looks and goes, and must not wait for those who come again and again.
    private final ReentrantLock turn = new ReentrantLock(true);

    Enqueueing(Store store) {
        this.store = store;
        this.insertion = new Insertion(store.dialect());
    }

    List<String> enqueue(List<NewTask> tasks) {
        Request mine = new Request(legal(tasks), ids);
        boolean _ = waiting.add(mine);
        turn.lock();
        try {
            while (!mine.ended) {
                serve(group());
            }
        } finally {
            turn.unlock();
        }
        if (mine.failure != null) {
            throw new BrokerException(String.valueOf(mine.failure.getMessage()), mine.failure);
        }
        return mine.ids();
    }

    private List<Request> group() {
        List<Request> group = new ArrayList<>();
        int size = 0;
        for (Request next = waiting.peek(); next != null; next = waiting.peek()) {
            size += next.tasks.size();
            if (size > MAX_GROUP && !group.isEmpty()) {
                break;
            }
            group.add(waiting.remove());
        }
        return group;
    }

    private void serve(List<Request> group) {
        @Nullable BrokerException failure = null;
        Set<String> queues = new LinkedHashSet<>();
        int size = 0;
        for (Request request : group) {
            size += request.tasks.size();
            request.tasks.forEach(task -> queues.add(task.queue()));
        }
        try {
            boolean _ = store.accept("enqueue " + size + " tasks", queues, session -> {
                insertion.insert(session, group);
                return true;
            });
        } catch (BrokerException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new BrokerException("cannot enqueue " + size + " tasks: " + e, e);
            throw e;
        } finally {
            for (Request request : group) {
                request.failure = failure;
                request.ended = true;
            }
        }
    }

    /// Accepts tasks inside the transaction of a caller: all of them, or none.
    List<String> enqueue(Connection connection, List<NewTask> tasks) {
        Request mine = new Request(legal(tasks), ids);
        String what = "enqueue " + tasks.size() + " tasks in a transaction of the caller's";
        try (Session session = Session.borrowed(connection)) {
            if (connection.getAutoCommit()) {
                throw new BrokerException("cannot " + what
                        + ": the connection commits each statement by itself; call setAutoCommit(false) on it first");
            }
            Savepoint before = connection.setSavepoint();
            try {
                store.dialect().enter(session);
                insertion.insert(session, List.of(mine));
                Set<String> queues = new LinkedHashSet<>();
                tasks.forEach(task -> queues.add(task.queue()));
                for (String queue : queues) {
                    store.dialect().announce(session, queue);
                }
                store.dialect().leave(session);
            } catch (SQLException | RuntimeException e) {
                undo(connection, before, e);
                throw e;
            }
            connection.releaseSavepoint(before);
            return mine.ids();
        } catch (SQLException e) {
            throw new BrokerException(
                    "cannot " + what + ": " + e.getMessage()
                            + "; the connection must be to the database of the tasks, and its user may write there",
                    e);
        }
    }

    /// The caller's transaction goes on as if nothing had been tried.
    private static void undo(Connection connection, Savepoint before, Exception reason) {
        try {
            connection.rollback(before);
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /// Accepts one task in the transaction of this session.
    void enqueue(Session session, NewTask task) throws SQLException {
        insertion.insert(session, List.of(new Request(List.of(task), ids)));
    }

    private static List<NewTask> legal(List<NewTask> tasks) {
        if (tasks.isEmpty() || tasks.size() > MAX_GROUP) {
            throw new IllegalArgumentException(
                    "1 to " + MAX_GROUP + " tasks are enqueued at once, not " + tasks.size());
        }
        return tasks;
    }

    /// Tasks that one caller wants accepted; its fields are guarded by `turn` once it is waiting.
    private static final class Request extends Insertion.Request {
        boolean ended;

        @Nullable
        BrokerException failure;

        Request(List<NewTask> tasks, TaskIds maker) {
            super(tasks, maker::next);
        }
    }
}
