package dev.muster.broker.sql;

import dev.muster.task.Broker.Claim;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Reserves tasks, gives them back untouched, and waits for them.
///
/// **Threads:** safe for use by many threads.
final class Claiming {
    private static final int MAX_BATCH = 1000;
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(5);

    /// 0 if there is nothing to claim, [#READY] or [#DUE].
    private static final String LOOK =
            "SELECT CASE WHEN EXISTS(SELECT 1 FROM queue WHERE name = ? AND paused <> 0) THEN 0"
                    + " WHEN EXISTS(SELECT 1 FROM task WHERE queue = ? AND state = 'SCHEDULED' AND due <= ?) THEN 2"
                    + " WHEN EXISTS(SELECT 1 FROM task WHERE queue = ? AND state = 'READY') THEN 1 ELSE 0 END";

    /// There are ready tasks, and none whose time has come.
    private static final long READY = 1;

    /// There are tasks whose time has come.
    private static final long DUE = 2;

    // ORDER BY and LIMIT instead of min(): a plan that was made while the table was small reads one row of it later
    // too.
    private static final String FIRST_DUE = "SELECT due FROM task WHERE queue = ? AND state = 'SCHEDULED' AND NOT"
            + " EXISTS(SELECT 1 FROM queue WHERE name = ? AND paused <> 0) ORDER BY due LIMIT 1";
    private static final String FIRST_SINGLE =
            "SELECT place FROM task WHERE queue = ? AND state = 'READY' AND single <> 0 ORDER BY place LIMIT 1";
    private static final String FIRST =
            "SELECT place FROM task WHERE queue = ? AND state = 'READY' ORDER BY place LIMIT 1";

    private final Store store;
    private final int readable;
    /// Somebody who waited has seen that there is something, or was told so, and nothing was claimed since.
    private volatile boolean woken;

    Claiming(Store store, long maxSize) {
        this.store = store;
        this.readable = Row.readable(maxSize);
    }

    List<Claim> claim(String queue, String owner, int max) {
        if (max < 1) {
            throw new IllegalArgumentException("at least 1 task is claimed, not " + max);
        }
        String what = "claim tasks of " + queue;
        List<Claim> atOnce = atOnce(what, queue, owner, Math.min(max, MAX_BATCH));
        if (!atOnce.isEmpty()) {
            return atOnce;
        }
        // Looked at first without the lock: an idle worker must not keep others from writing.
        long seen = store.ledger().read(what, session -> look(session, queue, System.currentTimeMillis()));
        return seen < READY
                ? List.of()
                : store.ledger()
                        .write(what, session -> claim(session, queue, owner, Math.min(max, MAX_BATCH), seen == DUE));
    }

    /// What can be claimed in one step; nothing if that is not the usual case.
    private List<Claim> atOnce(String what, String queue, String owner, int max) {
        String claim = store.dialect().claimAtOnce();
        if (claim.isEmpty() || !woken) {
            return List.of();
        }
        woken = false;
        return store.ledger().write(what, session -> {
            long now = System.currentTimeMillis();
            PreparedStatement statement =
                    session.statement(claim, queue, queue, queue, queue, now, max, owner, now, readable);
            List<Claim> claims = claims(session, queue, owner, now, statement);
            if (claims.isEmpty()) {
                session.inVain();
            }
            return claims;
        });
    }

    void giveBack(List<Claim> claims) {
        if (claims.isEmpty()) {
            return;
        }
        boolean _ = store.ledger().write("give back " + claims.size() + " tasks", session -> {
            store.dialect().lock(session, claims.stream().map(Claim::id).toList());
            PreparedStatement back = session.statement(
                    "UPDATE task SET state = 'READY', owner = NULL, changed_at = ?" + Settling.CURRENT);
            for (Claim claim : claims) {
                Session.set(back, System.currentTimeMillis(), claim.id(), claim.token());
                back.addBatch();
            }
            int[] _ = back.executeBatch();
            Cancelling.sweep(session);
            return true;
        });
        claims.stream().map(Claim::queue).distinct().forEach(store.changes()::changed);
    }

    private static long look(Session session, String queue, long now) throws SQLException {
        return session.number(LOOK, queue, queue, now, queue);
    }

    void await(List<String> queues, long nanos) throws InterruptedException {
        String all = String.join(", ", queues);
        long start = System.nanoTime();
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            // Read before the look, so that what comes after the look ends the wait.
            int seen = store.changes().changes(queues);
            long now = System.currentTimeMillis();
            long left = Math.min(LONGEST_WAIT, nanos - (System.nanoTime() - start));
            long due = store.ledger().read("wait for tasks of " + all, session -> {
                long soonest = Long.MAX_VALUE;
                for (String queue : queues) {
                    if (look(session, queue, now) != 0) {
                        woken = true;
                        return 0L;
                    }
                    long first = session.number(FIRST_DUE, queue, queue);
                    soonest = first == 0 ? soonest : Math.min(soonest, TimeUnit.MILLISECONDS.toNanos(first - now));
                }
                return soonest;
            });
            if (due <= 0 || left <= 0) {
                return;
            }
            store.changes().await(queues, seen, Math.min(left, due));
            if (store.changes().changes(queues) != seen) {
                woken = true;
                return;
            }
        }
    }

    private List<Claim> claim(Session session, String queue, String owner, int max, boolean due) throws SQLException {
        long now = System.currentTimeMillis();
        if (due) {
            makeReady(session, queue, now);
        }
        long last = Long.MAX_VALUE;
        int limit = max;
        long single = session.number(FIRST_SINGLE, queue);
        // A place is never 0, whatever the priority.
        if (single != 0) {
            boolean first = single == session.number(FIRST, queue);
            last = first ? single : single - 1;
            limit = first ? 1 : max;
        }
        int largest = limit == 1 ? Row.LARGE | Row.ALONE : 0;
        PreparedStatement claim =
                session.statement(store.dialect().claim(), queue, last, largest, limit, owner, now, readable);
        return claims(session, queue, owner, now, claim);
    }

    private record Placed(long place, Claim claim) {}

    private List<Claim> claims(Session session, String queue, String owner, long now, PreparedStatement claim)
            throws SQLException {
        List<Placed> claimed = new ArrayList<>();
        try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
                claimed.add(new Placed(rows.getLong(1), Row.claimed(rows, queue)));
            }
        }
        claimed.sort(Comparator.comparingLong(Placed::place));
        String mark = store.dialect().markClaimed();
        if (!mark.isEmpty() && !claimed.isEmpty()) {
            int _ = session.update(mark, owner, now, queue, claimed.size());
        }
        List<Claim> claims = new ArrayList<>(claimed.size());
        claimed.forEach(placed -> claims.add(placed.claim()));
        return claims;
    }

    /// Scheduled tasks whose time has come go to the tail, in the order of their times.
    private void makeReady(Session session, String queue, long now) throws SQLException {
        List<Long> due = new ArrayList<>();
        try (ResultSet rows = session.statement(
                        "SELECT seq FROM task WHERE queue = ? AND state = 'SCHEDULED' AND due <= ? ORDER BY due LIMIT ?"
                                + store.dialect().skipLocked(),
                        queue,
                        now,
                        MAX_BATCH)
                .executeQuery()) {
            while (rows.next()) {
                due.add(rows.getLong(1));
            }
        }
        if (due.isEmpty()) {
            return;
        }
        long[] places = store.dialect().tail(session, queue, due.size());
        PreparedStatement ready = session.statement("UPDATE task SET state = 'READY', due = 0, place = ? - priority * "
                + Row.BY_PRIORITY + ", changed_at = ? WHERE seq = ?");
        for (int i = 0; i < places.length; i++) {
            Session.set(ready, places[i], now, due.get(i));
            ready.addBatch();
        }
        int[] _ = ready.executeBatch();
    }
}
