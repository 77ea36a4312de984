package dev.muster.broker.sql;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskHistory;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stores outcomes, each under the token of its claim: a row that is not claimed any more, or under another token, is
/// not changed.
///
/// **Threads:** safe for use by many threads.
final class Settling {
    /// Behind a statement that changes a claimed task; its parameters are the id and the token. It asks for the
    /// owner, not for the state, so that no plan takes the index of all claimed tasks to find one by its id.
    static final String CURRENT = " WHERE id = ? AND token = ? AND owner IS NOT NULL";

    private final Store store;
    private final Results results;

    Settling(Store store, Results results) {
        this.store = store;
        this.results = results;
    }

    List<Outcome> settle(List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return List.of();
        }
        List<Outcome> stale = store.ledger()
                .write("store " + outcomes.size() + " outcomes", session -> settle(session, outcomes, new Counting()));
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Retry || outcome instanceof Outcome.Snooze) {
                store.changes().changed(outcome.claim().queue());
            }
        }
        return stale;
    }

    private List<Outcome> settle(Session session, List<Outcome> outcomes, Counting counting) throws SQLException {
        boolean comesAgain = false;
        boolean locked = !outcomes.stream().allMatch(Settling::leavesNothing);
        if (locked) {
            lock(session, outcomes);
        }
        long now = System.currentTimeMillis();
        List<Outcome> stale = new ArrayList<>();
        List<Outcome> done = new ArrayList<>(outcomes.size());
        for (Outcome outcome : outcomes) {
            comesAgain |= !(outcome instanceof Outcome.Done);
            switch (outcome) {
                case Outcome.Done _ -> done.add(outcome);
                case Outcome.Retry retry -> {
                    if (!retry(session, retry, counting, now)) {
                        stale.add(retry);
                    }
                }
                case Outcome.Snooze snooze -> {
                    if (!snooze(session, snooze, counting, now)) {
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
        counting.write(session, store.dialect());
        if (comesAgain) {
            Cancelling.sweep(session);
        }
        if (!locked) {
            lock(session, stale);
        }
        for (Outcome outcome : stale) {
            note(session, outcome, now);
        }
        return stale;
    }

    private void lock(Session session, List<Outcome> outcomes) throws SQLException {
        store.dialect().lock(session, outcomes.stream().map(o -> o.claim().id()).toList());
    }

    /// Then a single statement ends the task, and asks itself for the token.
    private static boolean leavesNothing(Outcome outcome) {
        return outcome instanceof Outcome.Done done && done.result().isEmpty();
    }

    /// In the order of the ids, in which they are locked.
    private void done(Session session, List<Outcome> done, Counting counting, List<Outcome> stale) throws SQLException {
        if (done.isEmpty()) {
            return;
        }
        done.sort(Comparator.comparing(outcome -> outcome.claim().id()));
        results.keep(session, done, System.currentTimeMillis());
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

    private static boolean retry(Session session, Outcome.Retry retry, Counting counting, long now)
            throws SQLException {
        Claim claim = retry.claim();
        return again(session, claim, retry.payload(), retry.delay(), TaskHistory.failed(retry), counting, now);
    }

    /// Nothing was spent.
    private static boolean snooze(Session session, Outcome.Snooze snooze, Counting counting, long now)
            throws SQLException {
        Claim claim = snooze.claim();
        @Nullable String history = history(session, claim);
        boolean atOnce = snooze.delay().isZero();
        boolean current = session.update(
                        "UPDATE task SET state = ?, place = 0, due = ?, owner = NULL, changed_at = ?, history = ?"
                                + CURRENT,
                        atOnce ? "READY" : "SCHEDULED",
                        atOnce ? 0L : now + Math.max(1, snooze.delay().toMillis()),
                        now,
                        TaskHistory.with(history, now, TaskHistory.snoozed(snooze)),
                        claim.id(),
                        claim.token())
                == 1;
        if (current && atOnce) {
            counting.toTail(claim.queue(), claim.id());
        }
        return current;
    }

    /// An attempt was spent, and another one follows. Until now it was changed last when it was claimed.
    ///
    /// @return false if the claim is stale
    static boolean again(
            Session session, Claim claim, String payload, Duration delay, String line, Counting counting, long now)
            throws SQLException {
        @Nullable String history = history(session, claim);
        boolean atOnce = delay.isZero() || delay.isNegative();
        boolean current = session.update(
                        "UPDATE task SET state = ?, place = 0, due = ?, owner = NULL, attempts = attempts + 1,"
                            + " first_at = CASE WHEN first_at = 0 THEN changed_at ELSE first_at END, single = single &"
                            + " 1, changed_at = ?, history = ?, original = CASE WHEN payload = ? THEN original ELSE"
                            + " coalesce(original, payload) END, payload = ?" + CURRENT,
                        atOnce ? "READY" : "SCHEDULED",
                        atOnce ? 0L : now + Math.max(1, delay.toMillis()),
                        now,
                        TaskHistory.with(history, now, line),
                        payload,
                        payload,
                        claim.id(),
                        claim.token())
                == 1;
        if (current) {
            counting.retried(claim.queue(), 1);
            if (atOnce) {
                counting.toTail(claim.queue(), claim.id());
            }
        }
        return current;
    }

    /// It becomes a dead letter.
    ///
    /// @param line for its history
    /// @return false if the claim is stale
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
