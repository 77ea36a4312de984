package dev.muster.broker.sql;

import dev.muster.task.DeadReason;
import dev.muster.task.TaskDesk.Cancellation;
import dev.muster.task.TaskHistory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cancels tasks. One that is claimed is marked; whatever transaction ends its claim in another way than done, buries
/// it.
///
/// **Threads:** safe for use by many threads and processes.
final class Cancelling {
    private final Store store;

    Cancelling(Store store) {
        this.store = store;
    }

    Cancellation cancel(String id) {
        return store.ledger().write("cancel the task " + id, session -> {
            store.dialect().lock(session, List.of(id));
            int marked = session.update(
                    "UPDATE task SET cancelled = 1 WHERE id = ? AND state IN ('READY', 'SCHEDULED', 'RUNNING')", id);
            if (marked == 0) {
                return Cancellation.NOT_FOUND;
            }
            sweep(session);
            return session.number("SELECT count(*) FROM task WHERE id = ? AND owner IS NOT NULL", id) == 0
                    ? Cancellation.CANCELLED
                    : Cancellation.ASKED;
        });
    }

    Set<String> cancelled(String owner) {
        return store.ledger().read("look for cancelled tasks", session -> {
            Set<String> ids = new HashSet<>();
            try (ResultSet rows = session.statement(
                            "SELECT id FROM task WHERE cancelled <> 0 AND state = 'RUNNING' AND owner = ?", owner)
                    .executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            return ids;
        });
    }

    /// A task that was cancelled and is not claimed any more.
    private record Unclaimed(String id, @Nullable String history) {}

    /// Buries the tasks that were cancelled and are not claimed any more. Costs nothing while there are none: they
    /// have an index of their own.
    static void sweep(Session session) throws SQLException {
        List<Unclaimed> found = new ArrayList<>();
        try (ResultSet rows = session.statement(
                        "SELECT id, history FROM task WHERE cancelled <> 0 AND state <> 'RUNNING'")
                .executeQuery()) {
            while (rows.next()) {
                found.add(new Unclaimed(rows.getString(1), rows.getString(2)));
            }
        }
        long now = System.currentTimeMillis();
        for (Unclaimed task : found) {
            int _ = session.update(
                    "UPDATE task SET state = 'DEAD', cancelled = 0, due = 0, single = single & 1,"
                            + " changed_at = ?, reason = ?, detail = coalesce(detail, ''), history = ? WHERE id = ? AND"
                            + " cancelled <> 0 AND state <> 'RUNNING'",
                    now,
                    DeadReason.CANCELLED.name(),
                    TaskHistory.with(task.history, now, TaskHistory.CANCELLED),
                    task.id);
        }
    }
}
