package dev.muster.broker.postgres;

import dev.muster.broker.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The numbers of the queues, and places in them. Each transaction adds a row with what it changes; now and then the
/// rows are added to those of the queues and removed. All of them together are the view `account`.
///
/// One row for each queue, changed by everybody, would make all who enqueue and settle wait for each other's commits.
final class Tally {
    private static final String ACCEPT = "WITH counted AS (INSERT INTO tally(queue, accepted) VALUES(?, ?)) SELECT"
            + " nextval('tail') FROM generate_series(1, ?)";
    private static final String PLACES = "SELECT nextval('tail') FROM generate_series(1, ?)";
    private static final String COUNT =
            "INSERT INTO tally(queue, accepted, done, deleted, retried) VALUES(?, ?, ?, ?, ?)";
    private static final String FOLD =
            "WITH gone AS (DELETE FROM tally WHERE ctid = ANY(ARRAY(SELECT ctid FROM tally LIMIT ? FOR UPDATE SKIP"
                    + " LOCKED)) RETURNING *) INSERT INTO queue(name, accepted, done, deleted, retried) SELECT queue,"
                    + " sum(accepted), sum(done), sum(deleted), sum(retried) FROM gone GROUP BY queue ORDER BY queue ON"
                    + " CONFLICT(name) DO UPDATE SET accepted = queue.accepted + excluded.accepted, done = queue.done +"
                    + " excluded.done, deleted = queue.deleted + excluded.deleted, retried = queue.retried +"
                    + " excluded.retried";
    private static final int FOLDED = 20_000;

    private Tally() {}

    static long[] accept(Session session, String queue, int accepted, int ready) throws SQLException {
        return numbers(session.statement(ACCEPT, queue, accepted, ready), ready);
    }

    static long[] places(Session session, int count) throws SQLException {
        return numbers(session.statement(PLACES, count), count);
    }

    /// Others may take places between them.
    private static long[] numbers(PreparedStatement statement, int count) throws SQLException {
        long[] numbers = new long[count];
        try (ResultSet rows = statement.executeQuery()) {
            for (int i = 0; rows.next(); i++) {
                numbers[i] = rows.getLong(1);
            }
        }
        return numbers;
    }

    static void count(Session session, String queue, long accepted, long done, long deleted, long retried)
            throws SQLException {
        if ((accepted | done | deleted | retried) != 0) {
            int _ = session.update(COUNT, queue, accepted, done, deleted, retried);
        }
    }

    /// Adds the rows of transactions that have ended to those of the queues.
    static void fold(Session session) throws SQLException {
        int _ = session.update(FOLD, FOLDED);
    }
}
