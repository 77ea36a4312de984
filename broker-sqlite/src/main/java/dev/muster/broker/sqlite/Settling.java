package dev.muster.broker.sqlite;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskHistory;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stores outcomes, each under the token of its claim: a row that is not claimed any more, or under another token, is
/// not changed.
///
/// **Threads:** safe for use by many threads.
final class Settling {
    private static final String CURRENT = " WHERE id = ? AND token = ? AND state = 'RUNNING'";

    private final Database database;

    Settling(Database database) {
        this.database = database;
    }

    List<Outcome> settle(List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return List.of();
        }
        List<Outcome> stale = database.ledger()
                .write("store " + outcomes.size() + " outcomes", session -> settle(session, outcomes, new Counting()));
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Retry || outcome instanceof Outcome.Snooze) {
                database.turn().changed(outcome.claim().queue());
            }
        }
        return stale;
    }

    private static List<Outcome> settle(Session session, List<Outcome> outcomes, Counting counting)
            throws SQLException {
        long now = System.currentTimeMillis();
        List<Outcome> stale = new ArrayList<>();
        List<Outcome> done = new ArrayList<>(outcomes.size());
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Done _ -> done.add(outcome);
                case Outcome.Retry retry -> {
                    if (!retry(session, retry, now)) {
                        stale.add(retry);
                    } else {
                        counting.retried(retry.claim().queue(), 1);
                    }
                }
                case Outcome.Snooze snooze -> {
                    if (!snooze(session, snooze, now)) {
                        stale.add(snooze);
                    }
                }
                case Outcome.Dead dead -> {
                    String line = TaskHistory.dead(TaskHistory.ended(dead.claim()), dead.reason(), dead.detail());
                    if (!bury(session, dead.claim(), dead.reason(), dead.detail(), line, now)) {
                        stale.add(dead);
                    }
                }
            }
        }
        done(session, done, counting, stale);
        counting.write(session);
        for (Outcome outcome : stale) {
            note(session, outcome, now);
        }
        return stale;
    }

    private static void done(Session session, List<Outcome> done, Counting counting, List<Outcome> stale)
            throws SQLException {
        if (done.isEmpty()) {
            return;
        }
        PreparedStatement delete = session.statement("DELETE FROM task" + CURRENT);
        for (Outcome outcome : done) {
            Session.set(delete, outcome.claim().id(), outcome.claim().token());
            delete.addBatch();
        }
        int[] deleted = delete.executeBatch();
        for (int i = 0; i < deleted.length; i++) {
            if (deleted[i] == 1) {
                counting.done(done.get(i).claim().queue(), 1);
            } else {
                stale.add(done.get(i));
            }
        }
    }

    private static boolean retry(Session session, Outcome.Retry retry, long now) throws SQLException {
        Claim claim = retry.claim();
        return again(session, claim, retry.payload(), retry.delay(), TaskHistory.failed(retry), now);
    }

    /// Nothing was spent.
    private static boolean snooze(Session session, Outcome.Snooze snooze, long now) throws SQLException {
        Claim claim = snooze.claim();
        @Nullable String history = history(session, claim);
        boolean atOnce = snooze.delay().isZero();
        return session.update(
                        "UPDATE task SET state = ?, place = ?, due = ?, owner = NULL, changed_at = ?, history = ?"
                                + CURRENT,
                        atOnce ? "READY" : "SCHEDULED",
                        atOnce ? Counting.tail(session, claim.queue()) : 0L,
                        atOnce ? 0L : now + Math.max(1, snooze.delay().toMillis()),
                        now,
                        TaskHistory.with(history, now, TaskHistory.snoozed(snooze)),
                        claim.id(),
                        claim.token())
                == 1;
    }

    /// An attempt was spent, and another one follows. Until now it was changed last when it was claimed.
    static boolean again(Session session, Claim claim, String payload, Duration delay, String line, long now)
            throws SQLException {
        @Nullable String history = history(session, claim);
        boolean atOnce = delay.isZero() || delay.isNegative();
        return session.update(
                        "UPDATE task SET state = ?, place = ?, due = ?, owner = NULL, attempts = attempts + 1,"
                            + " first_at = CASE WHEN first_at = 0 THEN changed_at ELSE first_at END, single = single &"
                            + " 1, changed_at = ?, history = ?, original = CASE WHEN payload = ?6 THEN original ELSE"
                            + " coalesce(original, payload) END, payload = ?6" + CURRENT,
                        atOnce ? "READY" : "SCHEDULED",
                        atOnce ? Counting.tail(session, claim.queue()) : 0L,
                        atOnce ? 0L : now + Math.max(1, delay.toMillis()),
                        now,
                        TaskHistory.with(history, now, line),
                        payload,
                        claim.id(),
                        claim.token())
                == 1;
    }

    /// It becomes a dead letter.
    ///
    /// @param line for its history
    static boolean bury(Session session, Claim claim, DeadReason reason, String detail, String line, long now)
            throws SQLException {
        @Nullable String history = history(session, claim);
        return session.update(
                        "UPDATE task SET state = 'DEAD', owner = NULL, attempts = attempts + ?, single = single & 1,"
                                + " changed_at = ?, reason = ?, detail = ?, history = ?" + CURRENT,
                        reason.spendsAttempt() ? 1 : 0,
                        now,
                        reason.name(),
                        TaskHistory.detail(detail),
                        TaskHistory.with(history, now, line),
                        claim.id(),
                        claim.token())
                == 1;
    }

    /// Leaves a late outcome as a note with the task, if it is still kept.
    private static void note(Session session, Outcome outcome, long now) throws SQLException {
        Claim claim = outcome.claim();
        String line = TaskHistory.refused(outcome);
        @Nullable String history = history(session, claim);
        int _ = session.update(
                "UPDATE task SET history = ? WHERE id = ?", TaskHistory.with(history, now, line), claim.id());
    }

    private static @Nullable String history(Session session, Claim claim) throws SQLException {
        try (ResultSet rows = session.statement("SELECT history FROM task WHERE id = ?", claim.id())
                .executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }
}
