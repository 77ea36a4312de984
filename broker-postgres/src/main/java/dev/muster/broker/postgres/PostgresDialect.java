package dev.muster.broker.postgres;

import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/// The words of PostgreSQL, where many write at once.
///
/// The numbers of a queue are rows that are added up, see [Tally]: a transaction that enqueues, perhaps one of a caller
/// who leaves it open, keeps nobody else waiting but those who enqueue a task with the same id or unique key.
final class PostgresDialect implements Dialect {
    /// The last column keeps whoever gives back what this owner held, see [#ended], waiting for the commit: it may
    /// come when the owner is dead already.
    private static final String CLAIM =
            "WITH chosen AS MATERIALIZED (SELECT seq FROM task WHERE queue = ? AND state = 'READY' AND place <= ? AND"
                    + " single <= ? ORDER BY place LIMIT ? FOR UPDATE SKIP LOCKED) UPDATE task SET state = 'RUNNING',"
                    + " owner = ?, token = token + 1, changed_at = ? FROM chosen WHERE task.seq = chosen.seq RETURNING "
                    + COLUMNS
                    + ", pg_advisory_xact_lock_shared(hashtextextended(owner, 0))";

    private static final String CLAIM_AT_ONCE = CLAIM.replace(
            "AND place <= ? AND single <= ?",
            "AND single = 0 AND NOT EXISTS(SELECT 1 FROM queue WHERE name = ? AND paused <> 0) AND NOT EXISTS(SELECT 1"
                    + " FROM task WHERE queue = ? AND state = 'READY' AND single <> 0) AND NOT EXISTS(SELECT 1 FROM"
                    + " task WHERE queue = ? AND state = 'SCHEDULED' AND due <= ?)");

    private static final String ACCEPT_READY = "WITH counted AS (INSERT INTO tally(queue, accepted) VALUES(?, 1))"
            + " INSERT INTO task(id, queue, place, single, accepted_at, changed_at, token, payload, priority,"
            + " unique_key) VALUES(?, ?, nextval('tail') + ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final String ENDED = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))";

    private static final String LOCK =
            "SELECT 1 FROM task WHERE id = ANY(string_to_array(?, ',')) ORDER BY id FOR UPDATE";
    private static final String HURRY = "SET LOCAL lock_timeout TO '50ms'";
    private static final String LEAVE =
            "SELECT set_config('search_path', current_setting('muster.callers_path'), true)";

    private final String schema;
    private final String enter;

    PostgresDialect(String schema) {
        this.schema = schema;
        this.enter = "SELECT set_config('muster.callers_path', current_setting('search_path'), true); SELECT"
                + " set_config('search_path', '" + path(schema) + "', true)";
    }

    /// Where names are looked for: nothing of the user's, his temporary tables included, comes before ours.
    static String path(String schema) {
        return schema + ", pg_temp";
    }

    /// On which channel is said what has changed.
    static String channel(String schema) {
        return schema;
    }

    @Override
    public String claim() {
        return CLAIM;
    }

    @Override
    public String claimAtOnce() {
        return CLAIM_AT_ONCE;
    }

    @Override
    public String acceptReady() {
        return ACCEPT_READY;
    }

    /// Waits until the server has ended the claims that this owner had begun; a dead one begins none any more.
    static void ended(Session session, String owner) throws SQLException {
        boolean _ = session.statement(ENDED, owner).execute();
    }

    @Override
    public String account() {
        return "account";
    }

    @Override
    public long[] accept(Session session, String queue, int accepted, int ready) throws SQLException {
        return Tally.accept(session, queue, accepted, ready);
    }

    @Override
    public void count(Session session, String queue, long accepted, long done, long deleted, long retried)
            throws SQLException {
        Tally.count(session, queue, accepted, done, deleted, retried);
    }

    @Override
    public long[] tail(Session session, String queue, int count) throws SQLException {
        return Tally.places(session, count);
    }

    @Override
    public String now() {
        return "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)";
    }

    @Override
    public void announce(Session session, String queue) throws SQLException {
        boolean _ = session.statement("SELECT pg_notify(?, ?)", channel(schema), queue)
                .execute();
    }

    @Override
    public void enter(Session session) throws SQLException {
        session.execute(enter);
    }

    @Override
    public void leave(Session session) throws SQLException {
        session.execute(LEAVE);
    }

    @Override
    public String skipLocked() {
        return " FOR UPDATE SKIP LOCKED";
    }

    @Override
    public boolean contends() {
        return true;
    }

    /// Longer than a commit takes in most cases.
    @Override
    public void hurry(Session session) throws SQLException {
        session.execute(HURRY);
    }

    @Override
    public void lock(Session session, Collection<String> ids) throws SQLException {
        if (!ids.isEmpty()) {
            try (ResultSet _ = session.statement(LOCK, String.join(",", ids)).executeQuery()) {
                // The locks are all that is wanted.
            }
        }
    }
}
