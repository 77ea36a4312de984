package dev.muster.broker.sqlite;

import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Session;
import java.util.Collection;

/// The words of SQLite: whoever has begun a transaction is the only one who writes, so nothing is locked.
enum SqliteDialect implements Dialect {
    ONE_WRITER;

    /// The third parameter is not used: no task becomes ready between two statements of a transaction.
    private static final String CLAIM =
            "UPDATE task SET state = 'RUNNING', owner = ?5, token = token + 1, changed_at = ?6 WHERE seq IN (SELECT"
                    + " seq FROM task WHERE queue = ?1 AND state = 'READY' AND place <= ?2 ORDER BY place LIMIT ?4)"
                    + " RETURNING " + COLUMNS;

    @Override
    public String claim() {
        return CLAIM;
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
