package dev.muster.broker.sqlite;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// What one transaction adds to the numbers of the queues, written at its end.
///
/// **Threads:** one.
final class Counting {
    private final Map<String, long[]> byQueue = new HashMap<>();

    void done(String queue, long n) {
        of(queue)[0] += n;
    }

    void deleted(String queue, long n) {
        of(queue)[1] += n;
    }

    void retried(String queue, long n) {
        of(queue)[2] += n;
    }

    /// The queues that are concerned.
    Iterable<String> queues() {
        return byQueue.keySet();
    }

    void write(Session session) throws SQLException {
        for (Map.Entry<String, long[]> entry : byQueue.entrySet()) {
            long[] n = entry.getValue();
            int _ = session.update(
                    "UPDATE queue SET done = done + ?, deleted = deleted + ?, retried = retried + ? WHERE name = ?",
                    n[0],
                    n[1],
                    n[2],
                    entry.getKey());
        }
    }

    /// The next free place at the tail of a queue, taken.
    static long tail(Session session, String queue) throws SQLException {
        return session.number(
                "UPDATE queue SET next_place = next_place + 1 WHERE name = ? RETURNING next_place - 1", queue);
    }

    private long[] of(String queue) {
        return byQueue.computeIfAbsent(queue, _ -> new long[3]);
    }
}
