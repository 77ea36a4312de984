package dev.muster.broker.postgres;

import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Lane;
import dev.muster.broker.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/// Until when each worker keeps its claims, by the clock of the server.
///
/// **Threads:** safe for use by many threads. **Failure:** a worker that is frozen longer than its lease may find its
/// claims gone; its outcomes are refused then, because their tokens are stale.
final class WorkerLeases {
    private final Lane lane;
    private final Housekeeping housekeeping;
    private final String renew;
    private final String lapsed;
    private final String stands;

    WorkerLeases(Lane lane, Dialect dialect, Housekeeping housekeeping) {
        this.lane = lane;
        this.housekeeping = housekeeping;
        String now = dialect.now();
        this.renew = "INSERT INTO worker(owner, until) VALUES(?, " + now
                + " + ?) ON CONFLICT(owner) DO UPDATE SET until =" + " excluded.until";
        this.lapsed =
                "SELECT DISTINCT owner FROM task WHERE state = 'RUNNING' AND NOT EXISTS(SELECT 1 FROM worker WHERE"
                        + " worker.owner = task.owner AND until > " + now + ")";
        this.stands = "SELECT count(*) FROM worker WHERE owner = ? AND until > " + now;
    }

    /// Also tidies up, as whoever has a lease does every ten seconds.
    void renew(String owner, Duration lease) {
        boolean _ = lane.write("renew the lease of this worker", session -> {
            int _ = session.update(renew, owner, lease.toMillis());
            housekeeping.tidy(session);
            return true;
        });
    }

    /// Whether a worker has renewed its lease in time.
    boolean stands(Session session, String owner) throws SQLException {
        return session.number(stands, owner) > 0;
    }

    /// The owners of claims whose leases have run out, or who never had one.
    Set<String> lapsed() {
        return lane.read("list the owners of tasks", session -> {
            Set<String> owners = new TreeSet<>();
            try (ResultSet rows = session.statement(lapsed).executeQuery()) {
                while (rows.next()) {
                    boolean _ = owners.add(rows.getString(1));
                }
            }
            return owners;
        });
    }
}
