package dev.muster.broker.sql;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.ReclaimReport;
import dev.muster.task.TaskFate;
import dev.muster.task.TaskHistory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Gives back what a dead worker had claimed, all of it in one transaction.
///
/// **Threads:** safe for use by many threads and processes: the second finds nothing.
public final class Reclaiming {
    private final Store store;
    private final int readable;

    Reclaiming(Store store, long maxSize) {
        this.store = store;
        this.readable = Row.readable(maxSize);
    }

    /// Whether an owner is alive after all.
    @FunctionalInterface
    public interface Alive {
        /// Whoever is asked for is dead.
        Alive NOBODY = (_, _) -> false;

        boolean is(Session session, String owner) throws SQLException;
    }

    ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy, Alive alive) {
        String what = "give back the work of " + dead.incarnation();
        // The application is asked before the lock is taken: its first answer may load classes.
        List<Row> before = store.ledger().read(what, session -> rows(session, dead.incarnation()));
        if (before.isEmpty()) {
            return new ReclaimReport(0, 0);
        }
        Map<String, Terms> terms = new HashMap<>();
        before.forEach(row -> terms.put(row.id(), policy.terms(row.claim())));
        Set<String> queues = new HashSet<>();
        ReclaimReport report = store.ledger().write(what, session -> {
            int requeued = 0;
            int buried = 0;
            // What its last words to the database still do is waited for, and seen.
            store.dialect().lock(session, terms.keySet());
            Counting counting = new Counting();
            List<Row> rows = rows(session, dead.incarnation());
            if (alive.is(session, dead.incarnation())) {
                return new ReclaimReport(0, 0);
            }
            long started = rows.stream()
                    .filter(row -> dead.started().contains(row.id()))
                    .count();
            for (Row row : rows) {
                queues.add(row.queue());
                Terms its = terms.computeIfAbsent(row.id(), _ -> policy.terms(row.claim()));
                long now = System.currentTimeMillis();
                TaskFate fate = TaskFate.of(row.claim(), row.crashTimes(), dead, its, started > 1, now);
                if (!carryOut(session, row, fate, counting, now)) {
                    continue;
                }
                if (fate instanceof TaskFate.Buried) {
                    buried++;
                } else {
                    requeued++;
                }
            }
            counting.write(session, store.dialect());
            Cancelling.sweep(session);
            return new ReclaimReport(requeued, buried);
        });
        queues.forEach(store.changes()::changed);
        return report;
    }

    List<Claim> held(String owner) {
        return store.ledger().read("look at the claims of " + owner, session -> rows(session, owner)).stream()
                .map(Row::claim)
                .toList();
    }

    private List<Row> rows(Session session, String owner) throws SQLException {
        List<Row> found = new ArrayList<>();
        try (ResultSet rows = session.statement(
                        "SELECT " + Row.COLUMNS + " FROM task WHERE owner = ? AND state = 'RUNNING' ORDER BY place",
                        readable,
                        owner)
                .executeQuery()) {
            while (rows.next()) {
                found.add(Row.of(rows));
            }
        }
        return found;
    }

    /// @return false if the claim is stale
    private static boolean carryOut(Session session, Row row, TaskFate fate, Counting counting, long now)
            throws SQLException {
        Claim claim = row.claim();
        return switch (fate) {
            case TaskFate.Untouched _ ->
                session.update(
                                "UPDATE task SET state = 'READY', owner = NULL, changed_at = ?" + Settling.CURRENT,
                                now,
                                claim.id(),
                                claim.token())
                        == 1;
            case TaskFate.Tail tail -> {
                boolean current = session.update(
                                "UPDATE task SET state = 'READY', owner = NULL, changed_at = ?, crashes = ?,"
                                        + " crash_times = ?, single = ?, history = ?" + Settling.CURRENT,
                                now,
                                tail.crashes(),
                                tail.crashTimes(),
                                row.single() & Row.LARGE | (tail.alone() ? Row.ALONE : 0),
                                TaskHistory.with(row.history(), now, tail.line()),
                                claim.id(),
                                claim.token())
                        == 1;
                if (current) {
                    counting.toTail(row.queue(), row.id());
                }
                yield current;
            }
            case TaskFate.Again again ->
                Settling.again(session, claim, again.payload(), again.delay(), again.line(), counting, now);
            case TaskFate.Buried buried -> {
                int _ = session.update(
                        "UPDATE task SET crashes = ?" + Settling.CURRENT, buried.crashes(), claim.id(), claim.token());
                yield Settling.bury(session, claim, buried.reason(), buried.detail(), buried.line(), now);
            }
        };
    }
}
