package dev.muster.broker.postgres;

import dev.muster.broker.sql.Session;
import dev.muster.task.BrokerException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tables of the queue in their schema, and how older ones become today's. Described in docs/protocol/postgres.md.
final class Schema {
    /// One entry for each version, from 1; an entry that was released is never changed.
    private static final List<List<String>> MIGRATIONS = List.of(Tables.FIRST, Tables.SECOND);

    /// Everybody may read the catalogs, so that nothing has to fail to be found out.
    private static final String LOOK =
            "SELECT has_schema_privilege(n.oid, 'USAGE'), has_schema_privilege(n.oid, 'CREATE'), (SELECT"
                + " has_table_privilege(c.oid, 'SELECT') FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname ="
                + " 'muster_schema'), EXISTS(SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid) FROM pg_namespace"
                + " n WHERE n.nspname = ?";

    private static final String OWNER =
            "SELECT pg_get_userbyid(c.relowner), pg_has_role(c.relowner, 'USAGE') FROM pg_class c JOIN pg_namespace n"
                    + " ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = 'task'";

    /// `CASE`, because `AND` may ask for the privileges of a table as if it were a sequence.
    private static final String LACKING =
            "SELECT string_agg(p || ' on ' || c.relname, ', ' ORDER BY c.relname, p) FROM pg_class c JOIN pg_namespace"
                + " n ON n.oid = c.relnamespace, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE']) p"
                + " WHERE n.nspname = ? AND c.relname <> 'muster_schema' AND CASE WHEN c.relkind = 'S' AND p = 'USAGE'"
                + " THEN NOT has_sequence_privilege(c.oid, p) WHEN c.relkind = 'r' AND p <> 'USAGE' OR c.relkind = 'v'"
                + " AND p = 'SELECT' THEN NOT has_table_privilege(c.oid, p) ELSE false END";

    private final Session session;
    private final Connection connection;
    private final String schema;
    private final String server;
    private final String user;

    private Schema(Connection connection, Address address) {
        this.session = new Session(connection);
        this.connection = connection;
        this.schema = address.schema();
        this.server = "the PostgreSQL server " + address.name();
        this.user = address.user();
    }

    /// Makes the tables ready for use, or says why they cannot be used. Any number of processes may do it at once.
    ///
    /// @param connection committing each statement by itself, and left so
    static void prepare(Connection connection, Address address) throws SQLException {
        Schema schema = new Schema(connection, address);
        if (schema.version() < MIGRATIONS.size()) {
            schema.migrate();
        }
        schema.requirePrivileges();
    }

    private void migrate() throws SQLException {
        connection.setAutoCommit(false);
        try {
            try (ResultSet _ = session.statement("SELECT pg_advisory_xact_lock(?)", AdvisoryLock.MIGRATING.key(schema))
                    .executeQuery()) {
                // Another process may have been here first; what it made is seen from here on.
            }
            int version = version();
            if (version == 0) {
                session.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
            } else if (version < MIGRATIONS.size()) {
                requireOwner(version);
            }
            session.execute("SET LOCAL search_path TO " + PostgresDialect.path(schema));
            // An open transaction of somebody else keeps a table as it is; all who come next would wait with us.
            session.execute("SET LOCAL lock_timeout TO '10s'");
            for (int next = version; next < MIGRATIONS.size(); next++) {
                for (String statement : MIGRATIONS.get(next)) {
                    session.execute(statement);
                }
                int _ = session.update(
                        "INSERT INTO muster_schema(version, applied_at) VALUES(?, ?)",
                        next + 1,
                        System.currentTimeMillis());
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
        connection.setAutoCommit(true);
    }

    /// Of the tables that are there, 0 if there are none.
    private int version() throws SQLException {
        try (ResultSet row = session.statement(LOOK, schema).executeQuery()) {
            if (!row.next()) {
                requireThatItCanBeMade();
                return 0;
            }
            if (!row.getBoolean(1)) {
                throw refused(
                        "its user " + user + " may not use the schema " + schema, "GRANT USAGE ON SCHEMA " + schema);
            }
            boolean readable = row.getBoolean(3);
            if (row.wasNull()) {
                requireRoom(row.getBoolean(2), row.getBoolean(4));
                return 0;
            }
            if (!readable) {
                throw refused(
                        "its user " + user + " may not read the table muster_schema",
                        "GRANT SELECT ON " + schema + ".muster_schema");
            }
        }
        int version = (int) session.number("SELECT max(version) FROM " + schema + ".muster_schema");
        if (version > MIGRATIONS.size()) {
            throw new BrokerException("cannot keep tasks in the schema " + schema + " of " + server
                    + ": its tables have the version " + version + ", this Muster knows those up to "
                    + MIGRATIONS.size()
                    + "; start the newer Muster that made them, or name another schema with ?currentSchema=NAME");
        }
        return version;
    }

    private void requireRoom(boolean creating, boolean filled) {
        if (filled) {
            throw new BrokerException("cannot keep tasks in the schema " + schema + " of " + server
                    + ": it has tables that are not Muster's; name another in tasks.postgres.url with"
                    + " ?currentSchema=NAME");
        }
        if (!creating) {
            throw refused(
                    "its user " + user + " may not make tables in the schema " + schema,
                    "GRANT CREATE ON SCHEMA " + schema);
        }
    }

    private void requireThatItCanBeMade() throws SQLException {
        if (session.number("SELECT CASE WHEN has_database_privilege(current_database(), 'CREATE') THEN 1 ELSE 0 END")
                == 0) {
            throw new BrokerException(
                    "cannot keep tasks in " + server + ": it has no schema " + schema + ", and its user "
                            + user + " may not make one; let its owner run: CREATE SCHEMA " + schema
                            + " AUTHORIZATION \"" + user
                            + "\"");
        }
    }

    /// Nobody else may change tables, whatever was granted to him.
    private void requireOwner(int version) throws SQLException {
        try (ResultSet row = session.statement(OWNER, schema).executeQuery()) {
            if (row.next() && !row.getBoolean(2)) {
                throw new BrokerException("cannot keep tasks in the schema " + schema + " of " + server
                        + ": its tables have the version " + version + ", and only their owner " + row.getString(1)
                        + " may make those of version " + MIGRATIONS.size()
                        + " from them; open them once with his name in tasks.postgres.url, as by muster tasks");
            }
        }
    }

    private void requirePrivileges() throws SQLException {
        @Nullable String lacking;
        try (ResultSet row = session.statement(LACKING, schema).executeQuery()) {
            lacking = row.next() ? row.getString(1) : null;
        }
        if (lacking != null) {
            throw refused(
                    "its user " + user + " lacks privileges in the schema " + schema + ": " + lacking,
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema
                            + "; GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema);
        }
    }

    private BrokerException refused(String why, String grant) {
        String to = " TO \"" + user + "\"";
        return new BrokerException("cannot keep tasks in " + server + ": " + why + "; let the owner run: "
                + grant.replace("; ", to + "; ") + to);
    }
}
