package dev.muster.broker.sqlite;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/// One connection to the database with the statements that were prepared on it. Transactions are begun and ended by
/// explicit statements; between them each statement stands alone.
///
/// **Threads:** one at a time; the owner locks. **Lifetime:** closed by [Database], also after any error: the driver's
/// statements cannot be used again then, and closing ends the transaction without a trace.
final class Session implements AutoCloseable {
    /// So long a session waits for the lock of another process: longer than a hung worker that holds it lives.
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private static final long FIRST_STEP = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LATER_STEP = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LATE_STEP = TimeUnit.MILLISECONDS.toNanos(2);

    private final SQLiteConnection connection;
    private final Turn turn;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private Session(SQLiteConnection connection, Turn turn) {
        this.connection = connection;
        this.turn = turn;
    }

    /// Connects, without looking at what the file holds.
    static Session connect(Path file, Turn turn) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(0);
        SQLiteConnection connection = (SQLiteConnection) config.createConnection("jdbc:sqlite:" + file);
        try {
            BusyHandler.setHandler(connection, new Patience(turn));
            return new Session(connection, turn);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// A statement with its parameters set, from 1.
    PreparedStatement statement(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            PreparedStatement _ = statements.put(sql, statement);
        }
        set(statement, parameters);
        return statement;
    }

    /// Sets the parameters, from 1.
    static void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                case String text -> statement.setString(i + 1, text);
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
    int update(String sql, @Nullable Object... parameters) throws SQLException {
        return statement(sql, parameters).executeUpdate();
    }

    /// A number, or 0 if there is no row or the value is null.
    long number(String sql, @Nullable Object... parameters) throws SQLException {
        try (ResultSet rows = statement(sql, parameters).executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /// Runs a statement that is not kept.
    void execute(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            boolean _ = statement.execute();
        }
    }

    void begin() throws SQLException {
        turn.standBack();
        boolean _ = statement("BEGIN IMMEDIATE").execute();
        turn.holding();
    }

    void commit() throws SQLException {
        boolean _ = statement("COMMIT").execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /// Waits for the lock in short steps of its own: SQLite's handler sleeps for longer and longer, and the one who
    /// has waited longest has the smallest chance.
    private static final class Patience extends BusyHandler {
        private final Turn turn;
        private long since;

        Patience(Turn turn) {
            this.turn = turn;
        }

        @Override
        protected int callback(int tries) {
            if (tries == 0) {
                since = System.nanoTime();
            }
            if (System.nanoTime() - since > PATIENCE) {
                return 0;
            }
            turn.waiting();
            // An interrupt would make each pause return at once; it is handed on when the wait is over.
            boolean interrupted = Thread.interrupted();
            LockSupport.parkNanos(tries < 10 ? FIRST_STEP : tries < 1000 ? LATER_STEP : LATE_STEP);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return 1;
        }
    }
}
