package dev.muster.broker.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A connection to a database with the statements that were prepared on it.
///
/// **Threads:** one at a time; the owner locks. **Lifetime:** closing it closes the statements, and the connection
/// unless that was borrowed.
public class Session implements AutoCloseable {
    private final Connection connection;
    private final boolean owned;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean inVain;

    /// Takes the connection over.
    public Session(Connection connection) {
        this(connection, true);
    }

    private Session(Connection connection, boolean owned) {
        this.connection = connection;
        this.owned = owned;
    }

    /// Works on a connection that stays open: closing the session closes the statements alone.
    static Session borrowed(Connection connection) {
        return new Session(connection, false);
    }

    /// A statement with its parameters set, from 1. It is kept: there is one for each text.
    public final PreparedStatement statement(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            PreparedStatement _ = statements.put(sql, statement);
        }
        set(statement, parameters);
        return statement;
    }

    /// Sets the parameters, from 1. A text keeps all its characters but U+0000, which JSON forbids and PostgreSQL
    /// cannot keep.
    ///
    /// @param parameters texts, ints, longs and nulls
    public static void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                case String text -> statement.setString(i + 1, text.replace('\0', '\uFFFD'));
                case Integer number -> statement.setInt(i + 1, number);
                case Long number -> statement.setLong(i + 1, number);
                case Object other ->
                    throw new IllegalArgumentException(
                            "no column holds a " + other.getClass().getName());
            }
        }
    }

    /// Runs a statement that changes rows.
    ///
    /// @return how many
    public final int update(String sql, @Nullable Object... parameters) throws SQLException {
        return statement(sql, parameters).executeUpdate();
    }

    /// Runs a statement that is the last one of its transaction, and of which nobody asks how many rows it changed:
    /// perhaps only together with the commit, in one round trip.
    public void last(String sql, @Nullable Object... parameters) throws SQLException {
        int _ = update(sql, parameters);
    }

    /// The first column of the first row, or 0 if there is no row or the value is null.
    public final long number(String sql, @Nullable Object... parameters) throws SQLException {
        try (ResultSet rows = statement(sql, parameters).executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /// The transaction has changed nothing, and nobody need wait until that is kept.
    final void inVain() {
        inVain = true;
    }

    /// Whether it said so.
    public final boolean isInVain() {
        return inVain;
    }

    /// Runs a statement that is not kept.
    public final void execute(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            boolean _ = statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        if (!owned) {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            return;
        }
        connection.close();
    }
}
