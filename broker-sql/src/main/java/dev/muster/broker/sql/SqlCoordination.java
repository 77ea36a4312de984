package dev.muster.broker.sql;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.Coordination;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Leases and the instants of schedules, in two tables.
///
/// A lease is one row, taken and prolonged by one statement. The first token of a name is the time in milliseconds, and
/// each later one is higher by one: a row may be forgotten, and the next token is higher all the same.
///
/// **Threads:** safe for use by many threads and processes.
final class SqlCoordination implements Coordination {
    private static final long FORGOTTEN_AFTER = Duration.ofDays(1).toMillis();
    private static final int SWEPT = 1000;

    private final Store store;
    private final Enqueueing enqueueing;
    private final Results results;
    private final String take;
    private final String list;
    private final String release;
    private final String forget;

    SqlCoordination(Store store, Enqueueing enqueueing, Results results) {
        this.store = store;
        this.enqueueing = enqueueing;
        this.results = results;
        String now = store.dialect().now();
        this.take = "INSERT INTO lease(name, holder, note, token, until) VALUES(?, ?, ?, " + now + ", " + now
                + " + ?) ON CONFLICT(name) DO UPDATE SET token = lease.token + CASE WHEN lease.holder ="
                + " excluded.holder AND lease.until > " + now + " THEN 0 ELSE 1 END, holder = excluded.holder, note ="
                + " excluded.note, until = excluded.until WHERE lease.holder = excluded.holder OR lease.until <= "
                + now + " RETURNING token, until";
        this.list =
                "SELECT name, holder, note, token, until FROM lease WHERE substr(name, 1, ?) = ? AND until > " + now;
        // Not further back: a row that is forgotten too early takes its token with it.
        this.release = "UPDATE lease SET until = " + now + " WHERE name = ? AND holder = ? AND until = ?";
        this.forget = "DELETE FROM lease WHERE until < " + now + " - " + FORGOTTEN_AFTER;
    }

    @Override
    public Optional<Lease> lease(String name, String holder, String note, Duration term) {
        Coordination.requireLegal(name, holder, note, term);
        return store.ledger().write("lease " + name, session -> {
            Optional<Lease> lease = Optional.empty();
            try (ResultSet rows =
                    session.statement(take, name, holder, note, term.toMillis()).executeQuery()) {
                if (rows.next()) {
                    lease = Optional.of(
                            new Lease(name, holder, note, rows.getLong(1), Instant.ofEpochMilli(rows.getLong(2))));
                }
            }
            int _ = session.update(forget);
            // Each node comes by every few seconds, also when no task leaves a result any more.
            results.sweep(session, System.currentTimeMillis(), SWEPT);
            return lease;
        });
    }

    @Override
    public void release(Lease lease) {
        long until = lease.until().toEpochMilli();
        boolean _ = store.ledger()
                .write(
                        "release the lease of " + lease.name(),
                        session -> session.update(release, lease.name(), lease.holder(), until) == 1);
    }

    @Override
    public List<Lease> leases(String prefix) {
        return store.ledger().read("list the leases", session -> {
            List<Lease> leases = new ArrayList<>();
            try (ResultSet rows =
                    session.statement(list, prefix.length(), prefix).executeQuery()) {
                while (rows.next()) {
                    leases.add(new Lease(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getLong(4),
                            Instant.ofEpochMilli(rows.getLong(5))));
                }
            }
            leases.sort(Comparator.comparing(Lease::name));
            return leases;
        });
    }

    @Override
    public boolean fire(String schedule, Instant instant, NewTask task) {
        Coordination.requireLegal(schedule);
        boolean first = store.intake().write("serve " + instant + " of the schedule " + schedule, session -> {
            int served = session.update(
                    "INSERT INTO schedule(name, fired) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET fired ="
                            + " excluded.fired WHERE schedule.fired < excluded.fired",
                    schedule,
                    instant.toEpochMilli());
            if (served == 1) {
                enqueueing.enqueue(session, task);
            }
            return served == 1;
        });
        if (first) {
            store.changes().changed(task.queue());
        }
        return first;
    }

    @Override
    public Map<String, Instant> fired() {
        return store.ledger().read("list the schedules", session -> {
            Map<String, Instant> fired = new TreeMap<>();
            try (ResultSet rows = session.statement("SELECT name, fired FROM schedule WHERE fired % 1000 = 0")
                    .executeQuery()) {
                while (rows.next()) {
                    fired.put(rows.getString(1), Instant.ofEpochMilli(rows.getLong(2)));
                }
            }
            return fired;
        });
    }

    @Override
    public Instant seen(String schedule, Instant now) {
        Coordination.requireLegal(schedule);
        // Instants of schedules are whole seconds: one millisecond more says that it is none, and comes before the
        // next.
        long mark = now.truncatedTo(ChronoUnit.SECONDS).toEpochMilli() + 1;
        return store.ledger().write("begin the schedule " + schedule, session -> {
            int _ = session.update(
                    "INSERT INTO schedule(name, fired) VALUES(?, ?) ON CONFLICT(name) DO NOTHING", schedule, mark);
            try (ResultSet rows = session.statement("SELECT fired FROM schedule WHERE name = ?", schedule)
                    .executeQuery()) {
                return Instant.ofEpochMilli(rows.next() ? rows.getLong(1) : mark);
            }
        });
    }
}
