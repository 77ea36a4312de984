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

    Results(Store store) {
        this.store = store;
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

    /// Keeps the results of those of the outcomes that have one, before their tasks are deleted, and lets some of
    /// those go whose time is over.
    static void keep(Session session, List<Outcome> outcomes, long now) throws SQLException {
        @Nullable PreparedStatement keep = null;
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
            }
        }
        if (keep != null) {
            int[] _ = keep.executeBatch();
            int _ = session.update(
                    "DELETE FROM result WHERE id IN (SELECT id FROM result WHERE kept_until <= ? ORDER BY kept_until"
                            + " LIMIT ?)",
                    now,
                    SWEPT);
        }
    }
}
