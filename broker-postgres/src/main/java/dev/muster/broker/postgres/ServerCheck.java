package dev.muster.broker.postgres;

import dev.muster.task.BrokerException;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.LongSupplier;

/// What a server must be to keep tasks, looked at when it is opened.
final class ServerCheck {
    private static final System.Logger LOG = System.getLogger("dev.muster.broker.postgres");
    private static final int OLDEST = 12;

    /// Instants of tasks are written by the clocks of those who write them.
    private static final Duration WARNED = Duration.ofSeconds(1);

    private static final Duration REFUSED = Duration.ofSeconds(30);

    private static final String LOOK =
            "SELECT current_setting('server_version_num'), current_setting('server_version'),"
                    + " current_setting('server_encoding'), CASE WHEN pg_is_in_recovery() THEN 'on' ELSE"
                    + " current_setting('transaction_read_only') END, current_setting('fsync'),"
                    + " current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),"
                    + " current_database()";
    private static final String CLOCK = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

    private ServerCheck() {}

    /// Looks at it, and warns of what may lose tasks.
    ///
    /// @param clock of this machine, ms since 1970
    /// @return its durability in one word: `replicated` if a standby has an accepted task too, `local` if the disk
    ///     of the server has it, `off` if the server writes it down a moment later, `unsafe` if it does not even
    ///     care that its files survive a crash of its machine
    /// @throws BrokerException if it cannot be used
    static String of(Connection connection, Address address, LongSupplier clock) throws SQLException {
        String server = "the PostgreSQL server " + address.name();
        try (Statement statement = connection.createStatement()) {
            String durability;
            try (ResultSet row = statement.executeQuery(LOOK)) {
                boolean _ = row.next();
                refuse(server, row);
                durability = durability(row.getString(5), row.getString(6), row.getString(7));
            }
            clock(server, statement, clock);
            return durability;
        }
    }

    private static void refuse(String server, ResultSet row) throws SQLException {
        if (row.getInt(1) < OLDEST * 10_000) {
            throw new BrokerException(server + " has the version " + row.getString(2) + ", and " + OLDEST
                    + " is the oldest that can be used; upgrade it, or set tasks.postgres.url to another");
        }
        if (!row.getString(3).equals("UTF8")) {
            throw new BrokerException("the database " + row.getString(8) + " of " + server + " has the encoding "
                    + row.getString(3)
                    + ", which cannot keep every text; make one with the encoding UTF8, and name it in"
                    + " tasks.postgres.url");
        }
        if (row.getString(4).equals("on")) {
            throw new BrokerException(server + " can only be read: it is a standby, or the user may not write"
                    + " (default_transaction_read_only); name the primary in tasks.postgres.url");
        }
    }

    private static String durability(String fsync, String commit, String standbys) {
        if (fsync.equals("off")) {
            return "unsafe";
        }
        if (commit.equals("off") || commit.equals("local")) {
            return commit;
        }
        return standbys.isBlank() ? "local" : "replicated";
    }

    private static void clock(String server, Statement statement, LongSupplier clock) throws SQLException {
        long before = clock.getAsLong();
        long there;
        try (ResultSet row = statement.executeQuery(CLOCK)) {
            boolean _ = row.next();
            there = row.getLong(1);
        }
        long after = clock.getAsLong();
        long skew = Math.max(0, Math.max(before - there, there - after));
        if (skew > REFUSED.toMillis()) {
            throw new BrokerException("the clock of " + server + " and that of this machine differ by " + skew
                    + " ms, more than " + REFUSED.toSeconds()
                    + " s: tasks would become due at the wrong time; set both clocks (NTP), then start again");
        }
        if (skew > WARNED.toMillis()) {
            LOG.log(
                    Level.WARNING,
                    "the clock of " + server + " and that of this machine differ by " + skew
                            + " ms; delays are counted by the clock of the machine that enqueues, and tasks become due"
                            + " by that of the one that claims: set both clocks (NTP)");
        }
    }
}
