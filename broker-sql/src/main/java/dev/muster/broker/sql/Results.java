package dev.muster.broker.sql;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.TaskView;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What tasks leave behind: their progress while they run, and their results for a while when they are done. A task
/// that is done has left its table, and its id and its unique key are free.
///
/// **Threads:** safe for use by many threads.
final class Results {
    private static final String KEEP =
            "INSERT INTO result(id, queue, attempts, crashes, accepted_at, done_at, kept_until, priority, progress,"
                    + " result, payload) SELECT id, queue, attempts, crashes, accepted_at, ?, ?, priority, progress, ?,"
                    + " payload FROM task" + Settling.CURRENT
                    + " ON CONFLICT(id) DO UPDATE SET queue = excluded.queue, attempts = excluded.attempts, crashes ="
                    + " excluded.crashes, accepted_at = excluded.accepted_at, done_at = excluded.done_at, kept_until ="
                    + " excluded.kept_until, priority = excluded.priority, progress = excluded.progress, result ="
                    + " excluded.result, payload = excluded.payload";
    private static final String VIEW = "SELECT id, queue, payload, attempts, crashes, accepted_at, done_at, priority,"
            + " coalesce(progress, ''), result FROM result WHERE id = ? AND kept_until > ?";
    private static final int SWEPT = 100;

    private final Store store;
    private final String sweep;

    Results(Store store) {
        this.store = store;
        this.sweep = "DELETE FROM result WHERE id IN (SELECT id FROM result WHERE kept_until <= ? ORDER BY kept_until"
                + " LIMIT ?" + store.dialect().skipLocked() + ")";
    }

    void progress(Claim claim, String progress) {
        if (progress.length() > 4096) {
            throw new IllegalArgumentException(
                    "the progress of a task is told in at most 4096 characters of JSON, not " + progress.length());
        }
        boolean _ = store.ledger()
                .write(
                        "remember the progress of the task " + claim.id(),
                        session -> session.update(
                                        "UPDATE task SET progress = ?" + Settling.CURRENT,
                                        progress,
                                        claim.id(),
                                        claim.token())
                                == 1);
    }

    /// The task, if it is done and its result is kept.
    static Optional<TaskView> find(Session session, String id) throws SQLException {
        try (ResultSet rows =
                session.statement(VIEW, id, System.currentTimeMillis()).executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            return Optional.of(new TaskView(
                    rows.getString(1),
                    rows.getString(2),
                    "DONE",
                    rows.getString(3),
                    rows.getInt(4),
                    rows.getInt(5),
                    "",
                    "",
                    rows.getLong(6),
                    rows.getLong(7),
                    List.of(),
                    rows.getInt(8),
                    "",
                    "",
                    0,
                    false,
                    rows.getString(9),
                    rows.getString(10)));
        }
    }

    /// Keeps the results of those of the outcomes that have one, before their tasks are deleted, and lets more of
    /// those go whose time is over than it keeps: else their number would grow without end.
    void keep(Session session, List<Outcome> outcomes, long now) throws SQLException {
        @Nullable PreparedStatement keep = null;
        int kept = 0;
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Done done
                    && !done.result().isEmpty()
                    && !done.keep().isZero()) {
                keep = session.statement(
                        KEEP,
                        now,
                        Math.addExact(now, done.keep().toMillis()),
                        done.result(),
                        done.claim().id(),
                        done.claim().token());
                keep.addBatch();
                kept++;
            }
        }
        if (keep != null) {
            int[] _ = keep.executeBatch();
            sweep(session, now, Math.max(SWEPT, 2 * kept));
        }
    }

    /// Removes results whose time is over, the oldest first; those that others remove at this moment are left to
    /// them.
    void sweep(Session session, long now, int most) throws SQLException {
        int _ = session.update(sweep, now, most);
    }
}
