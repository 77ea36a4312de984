package dev.muster.broker.sqlite;

import dev.muster.broker.sql.Session;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/// One connection to the file. Transactions are begun and ended by explicit statements; between them each statement
/// stands alone.
///
/// **Lifetime:** closed by [Database], also after any error: the driver's statements cannot be used again then, and
/// closing ends the transaction without a trace.
final class SqliteSession extends Session {
    /// So long a session waits for the lock of another process: longer than a hung worker that holds it lives.
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private static final long FIRST_STEP = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LATER_STEP = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LATE_STEP = TimeUnit.MILLISECONDS.toNanos(2);

    private final Turn turn;

    private SqliteSession(SQLiteConnection connection, Turn turn) {
        super(connection);
        this.turn = turn;
    }

    /// Connects, without looking at what the file holds.
    static SqliteSession connect(Path file, Turn turn) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(0);
        SQLiteConnection connection = (SQLiteConnection) config.createConnection("jdbc:sqlite:" + file);
        try {
            BusyHandler.setHandler(connection, new Patience(turn));
            return new SqliteSession(connection, turn);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    void begin() throws SQLException {
        turn.standBack();
        boolean _ = statement("BEGIN IMMEDIATE").execute();
        turn.holding();
    }

    void commit() throws SQLException {
        boolean _ = statement("COMMIT").execute();
        turn.released();
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
            // An interrupt would make each pause return at once; it is handed on when the wait is over.
            boolean interrupted = Thread.interrupted();
            turn.awaitRelease(tries < 10 ? FIRST_STEP : tries < 1000 ? LATER_STEP : LATE_STEP);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return 1;
        }
    }
}
