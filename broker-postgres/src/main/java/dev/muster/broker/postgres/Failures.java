package dev.muster.broker.postgres;

import dev.muster.task.BrokerException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/// PostgreSQL's errors as sentences that say what to do. Codes:
/// https://www.postgresql.org/docs/current/errcodes-appendix.html
final class Failures {
    /// The server ended the connection by itself: it stops, starts, or was tired of an idle transaction.
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    private Failures() {}

    static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    /// Whether the connection is of no use any more, so that nobody knows what became of the last statement.
    static boolean broken(SQLException e) {
        String state = state(e);
        return state.startsWith("08") || ENDED.contains(state);
    }

    /// Whether the transaction was undone because of others, and may succeed when it is done once more: the next
    /// one sees who has a unique key by now.
    static boolean outdone(SQLException e) {
        return state(e).equals("40P01") || state(e).equals("40001") || state(e).equals("23505");
    }

    /// Whether the server is well, and refuses a piece of work because of what it is, or because of what others do
    /// with the same rows.
    static boolean refused(SQLException e) {
        return !broken(e) && !(e instanceof SQLTransientConnectionException) && !state(e).startsWith("53");
    }

    /// Whether the tables, or all of their schema, are not there.
    static boolean emptied(SQLException e) {
        return state(e).equals("42P01") || state(e).equals("3F000");
    }

    /// @param what that could not be done: `enqueue 3 tasks`
    static BrokerException explain(String what, Address address, SQLException e) {
        // A pool that waited in vain has the reason as its cause, if there is one beside many users.
        SQLException reason =
                e instanceof SQLTransientConnectionException && e.getCause() instanceof SQLException cause ? cause : e;
        return new BrokerException("cannot " + what + ": " + why(address, reason), e);
    }

    private static String why(Address address, SQLException e) {
        String server = "the PostgreSQL server " + address.name();
        String says = message(e);
        String state = state(e);
        if (e instanceof SQLTransientConnectionException) {
            return "all " + PostgresStore.CONNECTIONS + " connections of this process to " + server
                    + " are busy for seconds; nothing was changed, try again";
        }
        return switch (state) {
            case "28P01", "28000" ->
                server + " does not let the user " + address.user() + " in (" + says
                        + "); correct user and password in tasks.postgres.url, or pg_hba.conf of the server";
            case "3D000" -> server + " has no such database (" + says + "); create it, or correct tasks.postgres.url";
            case "42501" ->
                server + " does not allow it to the user " + address.user() + " (" + says
                        + "); grant it, see docs/protocol/postgres.md";
            case "53300" ->
                server + " takes no more connections (" + says + "); each process of Muster uses up to "
                        + (PostgresStore.CONNECTIONS + 1) + ": raise max_connections there";
            case "53100" -> "the disk of " + server + " is full (" + says + "); nothing was changed: make room";
            case "25006" ->
                server + " is read-only, perhaps a standby (" + says
                        + "); nothing was changed: name the primary in tasks.postgres.url";
            case "55P03" ->
                "another transaction has kept the same tasks of " + server
                        + " locked for 10 s; nothing was changed: end"
                        + " the transaction that is open there, see pg_stat_activity, and try again";
            case "42P01", "3F000", "42703" ->
                server + " lacks tables of Muster in the schema " + address.schema() + " (" + says
                        + "); was it removed? Start again to have it made";
            case "57014" ->
                server + " has cancelled it (" + says + "); nothing was changed: is statement_timeout set for the user "
                        + address.user() + "?";
            default ->
                state.startsWith("08") || ENDED.contains(state)
                        ? server + " cannot be reached (" + says
                                + "); is it running there, and is tasks.postgres.url right?"
                        : server + " says: " + says;
        };
    }

    /// In one line.
    private static String message(SQLException e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
