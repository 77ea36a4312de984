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

    void write(Session session) throws SQLException {
        for (Map.Entry<String, OfQueue> entry : byQueue.entrySet()) {
            String queue = entry.getKey();
            OfQueue n = entry.getValue();
            int _ = session.update(
                    "UPDATE queue SET done = done + ?, deleted = deleted + ?, retried = retried + ? WHERE name = ?",
                    n.done,
                    n.deleted,
                    n.retried,
                    queue);
            if (!n.toTail.isEmpty()) {
                moveToTail(session, queue, n.toTail);
            }
        }
    }

    private static void moveToTail(Session session, String queue, List<String> ids) throws SQLException {
        long place = tail(session, queue, ids.size());
        PreparedStatement move =
                session.statement("UPDATE task SET place = ? - priority * " + Row.BY_PRIORITY + " WHERE id = ?");
        for (String id : ids) {
            Session.set(move, place++, id);
            int _ = move.executeUpdate();
        }
    }

    /// Takes places at the tail of a queue. Of several queues that a transaction touches, in the order of their
    /// names.
    ///
    /// @return the first of them
    static long tail(Session session, String queue, int count) throws SQLException {
        return session.number(
                        "UPDATE queue SET next_place = next_place + ? WHERE name = ? RETURNING next_place",
                        count,
                        queue)
                - count;
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
