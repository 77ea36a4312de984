package dev.muster.broker.sqlite;

import dev.muster.control.Message.DeadWorker;
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
final class Reclaiming {
    private final Database database;
    private final long maxSize;

    Reclaiming(Database database, long maxSize) {
        this.database = database;
        this.maxSize = maxSize;
    }

    ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        String what = "give back the work of " + dead.incarnation();
        // The application is asked before the lock is taken: its first answer may load classes.
        List<Row> before = database.ledger().read(what, session -> rows(session, dead.incarnation()));
        if (before.isEmpty()) {
            return new ReclaimReport(0, 0);
        }
        Map<String, Terms> terms = new HashMap<>();
        before.forEach(row -> terms.put(row.id(), policy.terms(row.claim())));
        Set<String> queues = new HashSet<>();
        ReclaimReport report = database.ledger().write(what, session -> {
            int requeued = 0;
            int buried = 0;
            List<Row> rows = rows(session, dead.incarnation());
            long started = rows.stream()
                    .filter(row -> dead.started().contains(row.id()))
                    .count();
            for (Row row : rows) {
                queues.add(row.queue());
                Terms its = terms.computeIfAbsent(row.id(), _ -> policy.terms(row.claim()));
                long now = System.currentTimeMillis();
                TaskFate fate = TaskFate.of(row.claim(), row.crashTimes(), dead, its, started > 1, now);
                if (carryOut(session, row, fate, now)) {
                    requeued++;
                } else {
                    buried++;
                }
            }
            return new ReclaimReport(requeued, buried);
        });
        queues.forEach(database.turn()::changed);
        return report;
    }

    private List<Row> rows(Session session, String owner) throws SQLException {
        List<Row> found = new ArrayList<>();
        try (ResultSet rows = session.statement(
                        "SELECT " + Row.COLUMNS + " FROM task WHERE owner = ? AND state = 'RUNNING' ORDER BY place",
                        maxSize + 1,
                        owner)
                .executeQuery()) {
            while (rows.next()) {
                found.add(Row.of(rows, 0));
            }
        }
        return found;
    }

    /// @return whether it went back
    private static boolean carryOut(Session session, Row row, TaskFate fate, long now) throws SQLException {
        return switch (fate) {
            case TaskFate.Untouched _ -> {
                int _ = session.update(
                        "UPDATE task SET state = 'READY', owner = NULL, changed_at = ? WHERE id = ?", now, row.id());
                yield true;
            }
            case TaskFate.Tail tail -> {
                int _ = session.update(
                        "UPDATE task SET state = 'READY', owner = NULL, changed_at = ?, place = ?, crashes = ?,"
                                + " crash_times = ?, single = ?, history = ? WHERE id = ?",
                        now,
                        Counting.tail(session, row.queue()),
                        tail.crashes(),
                        tail.crashTimes(),
                        row.single() & Row.LARGE | (tail.alone() ? Row.ALONE : 0),
                        TaskHistory.with(row.history(), now, tail.line()),
                        row.id());
                yield true;
            }
            case TaskFate.Again again -> {
                boolean changed =
                        Settling.again(session, row.claim(), again.payload(), again.delay(), again.line(), now);
                Counting counting = new Counting();
                counting.retried(row.queue(), 1);
                counting.write(session);
                yield changed;
            }
            case TaskFate.Buried buried -> {
                int _ = session.update("UPDATE task SET crashes = ? WHERE id = ?", buried.crashes(), row.id());
                boolean _ = Settling.bury(session, row.claim(), buried.reason(), buried.detail(), buried.line(), now);
                yield false;
            }
        };
    }
}
