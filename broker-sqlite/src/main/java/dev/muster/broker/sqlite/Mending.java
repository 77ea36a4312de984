package dev.muster.broker.sqlite;

import dev.muster.task.TaskHistory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What people do to single tasks: try dead letters again, delete.
///
/// **Threads:** safe for use by many threads.
final class Mending {
    private static final int CHUNK = 1000;

    private final Database database;

    Mending(Database database) {
        this.database = database;
    }

    boolean retry(String id) {
        Set<String> queues = new HashSet<>();
        boolean found = database.ledger().write("retry the task " + id, session -> retry(session, id, queues));
        queues.forEach(database.turn()::changed);
        return found;
    }

    /// Those that die while it works are left alone.
    int retryAll() {
        long start = System.currentTimeMillis();
        int count = 0;
        while (true) {
            Set<String> queues = new HashSet<>();
            int chunk = database.ledger().write("retry all dead letters", session -> {
                List<String> ids = new ArrayList<>();
                try (ResultSet rows = session.statement(
                                "SELECT id FROM task WHERE state = 'DEAD' AND changed_at <= ? ORDER BY changed_at"
                                        + " LIMIT ?",
                                start,
                                CHUNK)
                        .executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getString(1));
                    }
                }
                for (String id : ids) {
                    boolean _ = retry(session, id, queues);
                }
                return ids.size();
            });
            queues.forEach(database.turn()::changed);
            count += chunk;
            if (chunk < CHUNK) {
                return count;
            }
        }
    }

    boolean delete(String id) {
        return database.ledger().write("delete the task " + id, session -> {
            String queue;
            try (ResultSet rows = session.statement(
                            "DELETE FROM task WHERE id = ? AND state <> 'RUNNING' RETURNING queue", id)
                    .executeQuery()) {
                if (!rows.next()) {
                    return false;
                }
                queue = rows.getString(1);
            }
            Counting counting = new Counting();
            counting.deleted(queue, 1);
            counting.write(session);
            return true;
        });
    }

    private static boolean retry(Session session, String id, Set<String> queues) throws SQLException {
        String queue;
        String history;
        try (ResultSet rows = session.statement("SELECT queue, history FROM task WHERE id = ? AND state = 'DEAD'", id)
                .executeQuery()) {
            if (!rows.next()) {
                return false;
            }
            queue = rows.getString(1);
            history = rows.getString(2);
        }
        long now = System.currentTimeMillis();
        int _ = session.update(
                "UPDATE task SET state = 'READY', place = ?, due = 0, attempts = 0, first_at = 0, crashes = 0,"
                        + " crash_times = NULL, reason = NULL, detail = NULL, payload = coalesce(original, payload),"
                        + " original = NULL, changed_at = ?, history = ? WHERE id = ?",
                Counting.tail(session, queue),
                now,
                TaskHistory.with(history, now, TaskHistory.MENDED),
                id);
        queues.add(queue);
        return true;
    }
}
