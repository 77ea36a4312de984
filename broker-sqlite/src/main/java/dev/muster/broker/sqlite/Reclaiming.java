package dev.muster.broker.sqlite;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.ReclaimReport;
import dev.muster.task.DeadReason;
import dev.muster.task.OnCrash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gives back what a dead worker had claimed, all of it in one transaction.
///
/// **Threads:** safe for use by many threads and processes: the second finds nothing.
final class Reclaiming {
    private static final int CRASH_BUDGET = 3;
    private static final long CRASH_WINDOW = TimeUnit.HOURS.toMillis(72);

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
                if (new Case(session, dead, row, its, started > 1).decide()) {
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

    /// One task of the dead worker.
    private record Case(Session session, DeadWorker dead, Row row, Terms terms, boolean severalStarted) {
        /// @return whether it went back
        boolean decide() throws SQLException {
            boolean started = dead.started().contains(row.id());
            boolean guilty = dead.verdict() == Verdict.DEADLINE && dead.guilty().equals(row.id());
            if (!dead.startedKnown() && !started && !guilty) {
                return terms.onCrash() == OnCrash.DEAD
                        ? bury(DeadReason.CRASHED, "it may have been started")
                        : untouched();
            }
            if (guilty) {
                return overdue();
            }
            if (!started) {
                return untouched();
            }
            if (terms.onCrash() == OnCrash.DEAD) {
                return bury(DeadReason.CRASHED, "its worker died while it ran, and it must not run twice");
            }
            return switch (dead.verdict()) {
                case CRASH -> crashed();
                case DEADLINE ->
                    toTail(
                            row.crashes(),
                            row.crashTimes(),
                            row.single(),
                            "went back: another task of its worker was killed at its deadline");
                case ORDERED ->
                    toTail(row.crashes(), row.crashTimes(), row.single(), "went back: its worker was ended by order");
            };
        }

        private boolean overdue() throws SQLException {
            String again = terms.again();
            if (again == null || terms.onCrash() == OnCrash.DEAD) {
                return bury(DeadReason.DEADLINE, "it ran longer than its limit and was killed with its process");
            }
            String line = "attempt " + (row.attempts() + 1) + " was killed at its deadline (" + dead.reason() + dump()
                    + "); again in " + terms.delay().toMillis() + " ms";
            boolean changed = Settling.again(session, row.claim(), again, terms.delay(), line, now());
            Counting counting = new Counting();
            counting.retried(row.queue(), 1);
            counting.write(session);
            return changed;
        }

        private boolean crashed() throws SQLException {
            StringBuilder times = new StringBuilder();
            int crashes = 1;
            String known = row.crashTimes();
            for (String time : known == null ? new String[0] : known.split(",")) {
                if (now() - Long.parseLong(time) < CRASH_WINDOW) {
                    times.append(time).append(',');
                    crashes++;
                }
            }
            times.append(now());
            if (crashes >= CRASH_BUDGET) {
                int _ = session.update("UPDATE task SET crashes = ? WHERE id = ?", crashes, row.id());
                return bury(DeadReason.CRASHED, "its worker died while it ran, " + crashes + " times in 72 hours");
            }
            int single = severalStarted ? row.single() | Row.ALONE : row.single();
            return toTail(
                    crashes,
                    times.toString(),
                    single,
                    "crash " + crashes + " of " + CRASH_BUDGET + " that end it"
                            + (severalStarted ? ", runs alone next" : ""));
        }

        private boolean untouched() throws SQLException {
            int _ = session.update(
                    "UPDATE task SET state = 'READY', owner = NULL, changed_at = ? WHERE id = ?", now(), row.id());
            return true;
        }

        private boolean toTail(int crashes, @Nullable String crashTimes, int single, String what) throws SQLException {
            int _ = session.update(
                    "UPDATE task SET state = 'READY', owner = NULL, changed_at = ?, place = ?, crashes = ?,"
                            + " crash_times = ?, single = ?, history = ? WHERE id = ?",
                    now(),
                    Counting.tail(session, row.queue()),
                    crashes,
                    crashTimes,
                    single,
                    History.with(row.history(), now(), what + " (" + dead.reason() + dump() + ")"),
                    row.id());
            return true;
        }

        private boolean bury(DeadReason reason, String why) throws SQLException {
            Claim claim = row.claim();
            String detail = why + " (" + dead.reason() + ")" + dump() + "; the worker was " + dead.incarnation();
            boolean _ = Settling.bury(session, claim, reason, detail, "its worker died", now());
            return false;
        }

        private String dump() {
            return dead.dump().isEmpty() ? "" : ", dump " + dead.dump();
        }

        private static long now() {
            return System.currentTimeMillis();
        }
    }
}
