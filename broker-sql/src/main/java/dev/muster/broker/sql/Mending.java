package dev.muster.broker.sql;

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

    /// With its unique key, unless another task has got that meanwhile.
    private static final String RETRY =
            "UPDATE task SET state = 'READY', due = 0, attempts = 0, first_at = 0, crashes = 0, crash_times = NULL,"
                    + " reason = NULL, detail = NULL, payload = coalesce(original, payload), original = NULL,"
                    + " unique_key = CASE WHEN EXISTS(SELECT 1 FROM task other WHERE other.queue = task.queue AND"
                    + " other.unique_key = task.unique_key AND other.state <> 'DEAD') THEN NULL ELSE unique_key END,"
                    + " changed_at = ?, history = ? WHERE id = ?";

    private final Store store;

    Mending(Store store) {
        this.store = store;
    }

    boolean retry(String id) {
        Set<String> queues = new HashSet<>();
        int retried = store.ledger().write("retry the task " + id, session -> retry(session, List.of(id), queues));
        queues.forEach(store.changes()::changed);
        return retried == 1;
    }

    /// Those that die while it works are left alone.
    int retryAll() {
        long start = System.currentTimeMillis();
        int count = 0;
        while (true) {
            Set<String> queues = new HashSet<>();
            Chunk chunk = store.ledger().write("retry all dead letters", session -> {
                List<String> ids = dead(session, start);
                return new Chunk(ids.size(), retry(session, ids, queues));
            });
            queues.forEach(store.changes()::changed);
            count += chunk.retried;
            if (chunk.found < CHUNK) {
                return count;
            }
        }
    }

    /// @param retried less than found if others were faster
    private record Chunk(int found, int retried) {}

    boolean delete(String id) {
        return store.ledger().write("delete the task " + id, session -> {
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
            counting.write(session, store.dialect());
            return true;
        });
    }

    private static List<String> dead(Session session, long until) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet rows = session.statement(
                        "SELECT id FROM task WHERE state = 'DEAD' AND reason <> 'CANCELLED' AND changed_at <= ? ORDER"
                                + " BY changed_at LIMIT ?",
                        until,
                        CHUNK)
                .executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    /// @return how many of them were dead letters
    private int retry(Session session, List<String> ids, Set<String> queues) throws SQLException {
        store.dialect().lock(session, ids);
        Counting counting = new Counting();
        int retried = 0;
        for (String id : ids) {
            if (retry(session, id, counting, queues)) {
                retried++;
            }
        }
        counting.write(session, store.dialect());
        return retried;
    }

    /// The task is locked.
    private static boolean retry(Session session, String id, Counting counting, Set<String> queues)
            throws SQLException {
        String queue;
        String history;
        try (ResultSet rows = session.statement("SELECT queue, history, state FROM task WHERE id = ?", id)
                .executeQuery()) {
            if (!rows.next() || !rows.getString(3).equals("DEAD")) {
                return false;
            }
            queue = rows.getString(1);
            history = rows.getString(2);
        }
        long now = System.currentTimeMillis();
        int _ = session.update(RETRY, now, TaskHistory.with(history, now, TaskHistory.MENDED), id);
        counting.toTail(queue, id);
        queues.add(queue);
        return true;
    }
}
