package dev.muster.broker.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one transaction adds to the numbers of the queues, and the tasks that it puts at their tails. All of it is
/// written at the end of the transaction, by name: others wait for the row of a queue for the shortest time, and never
/// in a circle.
///
/// **Threads:** one.
final class Counting {
    private final Map<String, OfQueue> byQueue = new TreeMap<>();

    void done(String queue, long n) {
        of(queue).done += n;
    }

    void deleted(String queue, long n) {
        of(queue).deleted += n;
    }

    void retried(String queue, long n) {
        of(queue).retried += n;
    }

    /// The task, which the transaction has changed before, gets a place behind all others.
    void toTail(String queue, String id) {
        boolean _ = of(queue).toTail.add(id);
    }

    void write(Session session, Dialect dialect) throws SQLException {
        for (Map.Entry<String, OfQueue> entry : byQueue.entrySet()) {
            String queue = entry.getKey();
            OfQueue n = entry.getValue();
            dialect.count(session, queue, 0, n.done, n.deleted, n.retried);
            if (!n.toTail.isEmpty()) {
                moveToTail(session, n.toTail, dialect.tail(session, queue, n.toTail.size()));
            }
        }
    }

    private static void moveToTail(Session session, List<String> ids, long[] places) throws SQLException {
        PreparedStatement move =
                session.statement("UPDATE task SET place = ? - priority * " + Row.BY_PRIORITY + " WHERE id = ?");
        for (int i = 0; i < places.length; i++) {
            Session.set(move, places[i], ids.get(i));
            move.addBatch();
        }
        int[] _ = move.executeBatch();
    }

    private OfQueue of(String queue) {
        return byQueue.computeIfAbsent(queue, _ -> new OfQueue());
    }

    private static final class OfQueue {
        long done;
        long deleted;
        long retried;
        final List<String> toTail = new ArrayList<>();
    }
}
