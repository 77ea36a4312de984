package dev.muster.broker.sqlite;

import dev.muster.broker.sql.Session;
import dev.muster.task.BrokerException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The tables of the queue and how older ones become today's. Described in docs/protocol/sqlite.md.
final class Schema {
    /// Marks the file as ours: "Mstr".
    static final int APPLICATION = 0x4d737472;

    /// One entry for each version, from 1; an entry that was released is never changed.
    private static final List<List<String>> MIGRATIONS = List.of(first(), second(), third());

    /// Version 1.
    static List<String> first() {
        return List.of(
                """
                CREATE TABLE queue(
                  name TEXT PRIMARY KEY,
                  next_place INTEGER NOT NULL DEFAULT 1,
                  accepted INTEGER NOT NULL DEFAULT 0,
                  done INTEGER NOT NULL DEFAULT 0,
                  deleted INTEGER NOT NULL DEFAULT 0,
                  retried INTEGER NOT NULL DEFAULT 0
                ) WITHOUT ROWID\
                """,
                """
                CREATE TABLE task(
                  seq INTEGER PRIMARY KEY,
                  id TEXT NOT NULL UNIQUE,
                  queue TEXT NOT NULL,
                  state TEXT NOT NULL DEFAULT 'READY' CHECK(state IN ('READY','SCHEDULED','RUNNING','DEAD')),
                  place INTEGER NOT NULL DEFAULT 0,
                  due INTEGER NOT NULL DEFAULT 0,
                  single INTEGER NOT NULL DEFAULT 0,
                  owner TEXT,
                  token INTEGER NOT NULL DEFAULT 0,
                  attempts INTEGER NOT NULL DEFAULT 0,
                  crashes INTEGER NOT NULL DEFAULT 0,
                  crash_times TEXT,
                  accepted_at INTEGER NOT NULL,
                  changed_at INTEGER NOT NULL,
                  reason TEXT,
                  detail TEXT,
                  history TEXT,
                  original TEXT,
                  payload TEXT NOT NULL
                )\
                """,
                "CREATE INDEX task_ready ON task(queue, place) WHERE state = 'READY'",
                "CREATE INDEX task_single ON task(queue, place) WHERE state = 'READY' AND single <> 0",
                "CREATE INDEX task_due ON task(queue, due) WHERE state = 'SCHEDULED'",
                "CREATE INDEX task_owner ON task(owner, queue) WHERE state = 'RUNNING'",
                "CREATE INDEX task_dead ON task(changed_at, queue) WHERE state = 'DEAD'");
    }

    /// Version 2: priorities, unique keys, cancellation, results, leases and schedules.
    static List<String> second() {
        return List.of(
                "ALTER TABLE queue ADD COLUMN paused INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE task ADD COLUMN priority INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE task ADD COLUMN unique_key TEXT",
                "ALTER TABLE task ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE task ADD COLUMN progress TEXT",
                "ALTER TABLE task ADD COLUMN first_at INTEGER NOT NULL DEFAULT 0",
                "CREATE UNIQUE INDEX task_unique ON task(queue, unique_key) WHERE unique_key IS NOT NULL",
                "CREATE INDEX task_cancelled ON task(owner) WHERE cancelled <> 0",
                """
                CREATE TABLE result(
                  id TEXT PRIMARY KEY,
                  queue TEXT NOT NULL,
                  attempts INTEGER NOT NULL,
                  crashes INTEGER NOT NULL,
                  accepted_at INTEGER NOT NULL,
                  done_at INTEGER NOT NULL,
                  kept_until INTEGER NOT NULL,
                  priority INTEGER NOT NULL,
                  progress TEXT,
                  result TEXT NOT NULL,
                  payload TEXT NOT NULL
                ) WITHOUT ROWID\
                """,
                "CREATE INDEX result_kept ON result(kept_until)",
                """
                CREATE TABLE lease(
                  name TEXT PRIMARY KEY,
                  holder TEXT NOT NULL,
                  note TEXT NOT NULL,
                  token INTEGER NOT NULL,
                  until INTEGER NOT NULL
                ) WITHOUT ROWID\
                """,
                """
                CREATE TABLE schedule(
                  name TEXT PRIMARY KEY,
                  fired INTEGER NOT NULL
                ) WITHOUT ROWID\
                """);
    }

    /// Version 3: dead letters keep their unique keys until they are retried, and others may have them meanwhile.
    private static List<String> third() {
        return List.of(
                "DROP INDEX task_unique",
                "CREATE UNIQUE INDEX task_unique ON task(queue, unique_key) WHERE unique_key IS NOT NULL AND state <>"
                        + " 'DEAD'");
    }

    private Schema() {}

    /// Makes the file ready for use, or says why it cannot be used.
    static void prepare(SqliteSession session, Path file) throws SQLException {
        if (foreign(session)) {
            throw new BrokerException("cannot open " + file
                    + ": it is an SQLite database of another program; set tasks.sqlite.file to another file");
        }
        useWriteAheadLog(session, file);
        migrate(session, file);
    }

    /// Makes the tables of today from those that are there.
    static void migrate(SqliteSession session, Path file) throws SQLException {
        if (version(session) == MIGRATIONS.size()) {
            return;
        }
        session.begin();
        // Another process may have been here first.
        int version = version(session);
        if (version > MIGRATIONS.size()) {
            throw new BrokerException("cannot open " + file + ": its schema has the version " + version
                    + ", this Muster knows those up to " + MIGRATIONS.size()
                    + "; start the newer Muster that wrote it, or set data.dir to another directory");
        }
        if (version == 0) {
            session.execute("PRAGMA application_id=" + APPLICATION);
            session.execute("CREATE TABLE muster_schema(version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)");
        }
        for (int next = version; next < MIGRATIONS.size(); next++) {
            for (String statement : MIGRATIONS.get(next)) {
                session.execute(statement);
            }
            int _ = session.update("INSERT INTO muster_schema VALUES(?, ?)", next + 1, System.currentTimeMillis());
        }
        session.commit();
    }

    private static boolean foreign(Session session) throws SQLException {
        long application = session.number("PRAGMA application_id");
        return application != APPLICATION
                && (application != 0 || session.number("SELECT count(*) FROM sqlite_schema") != 0);
    }

    private static int version(Session session) throws SQLException {
        boolean fresh = session.number("SELECT count(*) FROM sqlite_schema WHERE name = 'muster_schema'") == 0;
        return fresh ? 0 : (int) session.number("SELECT max(version) FROM muster_schema");
    }

    /// Needs the file for itself for a moment, which SQLite does not wait for.
    private static void useWriteAheadLog(Session session, Path file) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try (ResultSet row = session.statement("PRAGMA journal_mode=WAL").executeQuery()) {
                String mode = row.next() ? row.getString(1) : "none";
                if ("wal".equals(mode)) {
                    return;
                }
                throw new BrokerException("cannot open " + file + ": its file system has no shared memory for"
                        + " SQLite's write-ahead log (journal mode " + mode + "); set data.dir to a local disk");
            } catch (SQLException e) {
                if (Failures.code(e) != Failures.BUSY || System.nanoTime() - start > TimeUnit.SECONDS.toNanos(10)) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }
}
