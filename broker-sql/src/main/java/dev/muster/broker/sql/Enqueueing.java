package dev.muster.broker.sql;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.TaskIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Accepts tasks. Threads that come while another one waits for the disk are served together by the next transaction.
///
/// **Threads:** safe for use by many threads.
final class Enqueueing {
    /// No more tasks than these go into one transaction, so that claims get their turn.
    static final int MAX_GROUP = 10_000;

    private final Store store;
    private final Insertion insertion;
    private final TaskIds ids = new TaskIds();
    private final Turns plain;
    /// For requests with ids or unique keys; where they cannot contend, all share a wait for the disk.
    private final Turns keyed;

    Enqueueing(Store store) {
        this.store = store;
        this.insertion = new Insertion(store.dialect());
        this.plain = new Turns(store, insertion, false);
        this.keyed = store.dialect().contends() ? new Turns(store, insertion, true) : plain;
    }

    List<String> enqueue(List<NewTask> tasks) {
        Turns.Request mine = new Turns.Request(legal(tasks), ids);
        (mine.keys().isEmpty() ? plain : keyed).accept(mine);
        return mine.ids();
    }

    /// Accepts tasks inside the transaction of a caller: all of them, or none.
    List<String> enqueue(Connection connection, List<NewTask> tasks) {
        Turns.Request mine = new Turns.Request(legal(tasks), ids);
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
        insertion.insert(session, List.of(new Turns.Request(List.of(task), ids)));
    }

    private static List<NewTask> legal(List<NewTask> tasks) {
        if (tasks.isEmpty() || tasks.size() > MAX_GROUP) {
            throw new IllegalArgumentException(
                    "1 to " + MAX_GROUP + " tasks are enqueued at once, not " + tasks.size());
        }
        return tasks;
    }
}
