package dev.muster.broker.sqlite;

import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.stream.LongStream;

/// The words of SQLite: whoever has begun a transaction is the only one who writes, so nothing is locked.
enum SqliteDialect implements Dialect {
    ONE_WRITER;

    /// What is read of a task is what it will be when it is claimed.
    private static final String READ = "SELECT " + COLUMNS.replace("token", "token + 1");

    /// The third parameter is not used: no task becomes ready between two statements of a transaction.
    private static final String CLAIM = READ.replace("?", "?7")
            + " FROM task WHERE queue = ?1 AND state = 'READY' AND place <= ?2 ORDER BY place LIMIT ?4";
    private static final String CLAIM_AT_ONCE = READ.replace("?", "?9")
            + " FROM task WHERE queue = ?1 AND state = 'READY' AND NOT EXISTS(SELECT 1 FROM queue WHERE name = ?2 AND"
            + " paused <> 0) AND NOT EXISTS(SELECT 1 FROM task WHERE queue = ?3 AND state = 'READY' AND single <> 0)"
            + " AND NOT EXISTS(SELECT 1 FROM task WHERE queue = ?4 AND state = 'SCHEDULED' AND due <= ?5) ORDER BY"
            + " place LIMIT ?6";
    private static final String MARK_CLAIMED =
            "UPDATE task SET state = 'RUNNING', owner = ?, token = token + 1, changed_at = ? WHERE seq IN (SELECT seq"
                    + " FROM task WHERE queue = ? AND state = 'READY' ORDER BY place LIMIT ?)";

    /// The first task of a queue makes the queue; its places begin at 1.
    private static final String ACCEPT = "INSERT INTO queue(name, next_place, accepted) VALUES(?, ?, ?) ON"
            + " CONFLICT(name) DO UPDATE SET next_place = queue.next_place + excluded.next_place - 1, accepted ="
            + " queue.accepted + excluded.accepted RETURNING next_place";
    private static final String COUNT =
            "UPDATE queue SET accepted = accepted + ?, done = done + ?, deleted = deleted + ?,"
                    + " retried = retried + ? WHERE name = ?";
    private static final String TAIL =
            "UPDATE queue SET next_place = next_place + ? WHERE name = ? RETURNING next_place";

    @Override
    public String claim() {
        return CLAIM;
    }

    @Override
    public String markClaimed() {
        return MARK_CLAIMED;
    }

    @Override
    public String claimAtOnce() {
        return CLAIM_AT_ONCE;
    }

    @Override
    public String account() {
        return "queue";
    }

    @Override
    public long[] accept(Session session, String queue, int accepted, int ready) throws SQLException {
        return before(session.number(ACCEPT, queue, 1 + ready, accepted), ready);
    }

    @Override
    public void count(Session session, String queue, long accepted, long done, long deleted, long retried)
            throws SQLException {
        int _ = session.update(COUNT, accepted, done, deleted, retried, queue);
    }

    @Override
    public long[] tail(Session session, String queue, int count) throws SQLException {
        return before(session.number(TAIL, count, queue), count);
    }

    private static long[] before(long next, int count) {
        return LongStream.range(next - count, next).toArray();
    }

    @Override
    public String now() {
        return "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
    }

    /// Nobody is told by a commit; who waits sees it when he looks again by himself.
    @Override
    public void announce(Session session, String queue) {}

    @Override
    public void enter(Session session) {}

    @Override
    public void leave(Session session) {}

    @Override
    public String skipLocked() {
        return "";
    }

    @Override
    public void lock(Session session, Collection<String> ids) {}
}
