package dev.muster.broker.sql;

import dev.muster.task.Broker;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.TaskHistory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What people and commands see of the queue.
///
/// **Threads:** safe for use by many threads.
final class Viewing {
    private static final int LISTED_PAYLOAD = 65_536;

    private static final String IN_STATES =
            " UNION ALL SELECT queue, 'READY', count(*), 0, 0, 0 FROM task WHERE state = 'READY' GROUP BY queue UNION"
                + " ALL SELECT queue, 'SCHEDULED', count(*), 0, 0, 0 FROM task WHERE state = 'SCHEDULED' GROUP BY"
                + " queue UNION ALL SELECT queue, 'RUNNING', count(*), 0, 0, 0 FROM task WHERE state = 'RUNNING' GROUP"
                + " BY queue UNION ALL SELECT queue, 'DEAD', count(*), 0, 0, 0 FROM task WHERE state = 'DEAD' GROUP BY"
                + " queue";

    private static final String READY =
            "SELECT count(*) FROM (SELECT 1 FROM task WHERE queue = ? AND state = 'READY' AND NOT EXISTS(SELECT 1 FROM"
                    + " queue WHERE name = ? AND paused <> 0) LIMIT ?) found";

    private static final String VIEW = "SELECT id, queue, state, %s, attempts, crashes, coalesce(reason, ''),"
            + " coalesce(detail, ''), accepted_at, changed_at, history, priority, coalesce(unique_key, ''),"
            + " coalesce(owner, ''), due, cancelled, coalesce(progress, '') FROM task ";

    private final Store store;
    private final String count;

    Viewing(Store store) {
        this.store = store;
        // One statement, so that all numbers are of one moment.
        this.count = "SELECT name, 'COUNTED', accepted, done, deleted, retried FROM "
                + store.dialect().account() + IN_STATES;
    }

    Map<String, QueueCounts> counts() {
        return store.ledger().read("count the tasks", session -> {
            Map<String, long[]> numbers = new TreeMap<>();
            try (ResultSet rows = session.statement(count).executeQuery()) {
                while (rows.next()) {
                    long[] n = numbers.computeIfAbsent(rows.getString(1), _ -> new long[8]);
                    long count = rows.getLong(3);
                    switch (rows.getString(2)) {
                        case "READY" -> n[1] = count;
                        case "SCHEDULED" -> n[2] = count;
                        case "RUNNING" -> n[3] = count;
                        case "DEAD" -> n[5] = count;
                        default -> {
                            n[0] = count;
                            n[4] = rows.getLong(4);
                            n[6] = rows.getLong(5);
                            n[7] = rows.getLong(6);
                        }
                    }
                }
            }
            Map<String, QueueCounts> counts = new TreeMap<>();
            numbers.forEach(
                    (queue, n) -> counts.put(queue, new QueueCounts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7])));
            return counts;
        });
    }

    long ready(Collection<String> queues) {
        return store.ledger().read("look for ready tasks", session -> {
            long ready = 0;
            for (String queue : queues) {
                ready += session.number(READY, queue, queue, Broker.MANY - ready);
            }
            return ready;
        });
    }

    List<TaskView> dead(int limit) {
        String sql = VIEW.formatted("substr(payload, 1, " + LISTED_PAYLOAD + ")")
                + "WHERE state = 'DEAD' ORDER BY changed_at DESC, seq DESC LIMIT ?";
        return store.ledger().read("list the dead letters", session -> {
            List<TaskView> found = new ArrayList<>();
            try (ResultSet rows = session.statement(sql, Math.max(0, limit)).executeQuery()) {
                while (rows.next()) {
                    found.add(view(rows));
                }
            }
            return found;
        });
    }

    Optional<TaskView> find(String id) {
        return store.ledger().read("show the task " + id, session -> {
            try (ResultSet rows = session.statement(VIEW.formatted("payload") + "WHERE id = ?", id)
                    .executeQuery()) {
                return rows.next() ? Optional.of(view(rows)) : Results.find(session, id);
            }
        });
    }

    Set<String> owners() {
        return store.ledger().read("list the owners of tasks", session -> {
            Set<String> owners = new TreeSet<>();
            try (ResultSet rows = session.statement("SELECT DISTINCT owner FROM task WHERE state = 'RUNNING'")
                    .executeQuery()) {
                while (rows.next()) {
                    owners.add(rows.getString(1));
                }
            }
            return owners;
        });
    }

    private static TaskView view(ResultSet rows) throws SQLException {
        return new TaskView(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getInt(5),
                rows.getInt(6),
                rows.getString(7),
                rows.getString(8),
                rows.getLong(9),
                rows.getLong(10),
                TaskHistory.lines(rows.getString(11)),
                rows.getInt(12),
                rows.getString(13),
                rows.getString(14),
                rows.getLong(15),
                rows.getInt(16) != 0,
                rows.getString(17),
                "");
    }
}
