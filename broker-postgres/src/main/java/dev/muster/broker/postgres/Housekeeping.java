package dev.muster.broker.postgres;

import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Session;
import java.sql.SQLException;
import java.time.Duration;

/// What keeps the small tables small. Done by one process at a time; the others leave it to that one.
final class Housekeeping {
    private static final long FORGOTTEN_AFTER = Duration.ofDays(1).toMillis();
    private static final String BEGIN = "SELECT CASE WHEN pg_try_advisory_xact_lock(?) THEN 1 ELSE 0 END";

    private final long lock;
    private final String now;
    private final String forgetWorkers;

    Housekeeping(String schema, Dialect dialect) {
        this.lock = AdvisoryLock.TIDYING.key(schema);
        this.now = "SELECT " + dialect.now();
        this.forgetWorkers = "DELETE FROM worker WHERE until < " + dialect.now() + " - " + FORGOTTEN_AFTER;
    }

    /// Does it as a part of the transaction of the session, which should end soon.
    void tidy(Session session) throws SQLException {
        if (session.number(BEGIN, lock) == 1) {
            Tally.fold(session);
            Receipt.forget(session, session.number(now));
            int _ = session.update(forgetWorkers);
        }
    }
}
