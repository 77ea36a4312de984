package dev.muster.broker.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.muster.broker.sql.Lane;
import dev.muster.broker.sql.Session;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Does work on connections of the pool; and once more where it surely left no trace: after a deadlock, when a
/// connection broke before the commit, as those do that were open when the server was restarted, or when the tables are
/// gone, because the database was replaced by an empty one: then they are made first. If a connection breaks in the
/// moment of the commit, another one looks for the [Receipt] of the transaction.
///
/// **Threads:** safe for use by many threads. **Failure:** a server that is away is waited for, 5 to 10 s.
final class PooledLane implements Lane {
    private static final System.Logger LOG = System.getLogger("dev.muster.broker.postgres");
    private static final int MOST_TRIES = 10;
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final HikariDataSource pool;
    private final Address address;

    PooledLane(HikariDataSource pool, Address address) {
        this.pool = pool;
        this.address = address;
    }

    @Override
    public <T> T write(String what, Work<T> work) {
        return write(what, "", "", work);
    }

    /// As [#write(String, Work)], and says a word on a channel after the commit; none if the channel is empty.
    <T> T write(String what, String channel, String word, Work<T> work) {
        try (Tries tries = new Tries(what)) {
            while (true) {
                Receipt receipt = Receipt.next();
                @Nullable T result = null;
                boolean committed = false;
                try (Connection connection = tries.connection();
                        Ending session = new Ending(connection)) {
                    connection.setAutoCommit(false);
                    result = work.on(session);
                    if (session.isInVain()) {
                        connection.rollback();
                    } else {
                        session.commit(receipt, channel, word);
                    }
                    committed = true;
                    return result;
                } catch (SQLException e) {
                    if (result != null && (committed || tries.done(receipt, e, result, !channel.isEmpty()))) {
                        return result;
                    }
                    tries.again(e);
                }
            }
        }
    }

    @Override
    public <T> T read(String what, Work<T> work) {
        try (Tries tries = new Tries(what)) {
            while (true) {
                try (Session session = new Session(tries.connection())) {
                    return work.on(session);
                } catch (SQLException e) {
                    tries.again(e);
                }
            }
        }
    }

    /// A session that sends the last statement of a transaction together with the commit.
    private static final class Ending extends Session {
        private String sql = "";
        private @Nullable Object[] values = {};

        Ending(Connection connection) {
            super(connection);
        }

        @Override
        public void last(String statement, @Nullable Object... parameters) {
            sql = statement + "; ";
            values = parameters;
        }

        /// @param channel on which a word is said after the commit; none if it is empty
        void commit(Receipt receipt, String channel, String word) throws SQLException {
            int before = values.length;
            @Nullable Object[] all = Arrays.copyOf(values, before + (channel.isEmpty() ? 1 : 3));
            all[before] = receipt.mark().toString();
            if (!channel.isEmpty()) {
                all[before + 1] = channel;
                all[before + 2] = word;
            }
            String end = channel.isEmpty() ? Receipt.COMMIT : Receipt.COMMIT_AND_SAY;
            boolean _ = statement(sql + end, all).execute();
        }
    }

    /// The tries of one piece of work. An interrupt, which breaks the connection that a virtual thread waits for,
    /// does not end them; its mark is there again at the end.
    private final class Tries implements AutoCloseable {
        private final String what;
        private int count;
        private boolean interrupted;
        private boolean made;

        Tries(String what) {
            this.what = what;
        }

        /// @throws dev.muster.task.BrokerException if there is none for 5 s
        Connection connection() {
            while (true) {
                boolean now = Thread.interrupted();
                interrupted |= now;
                try {
                    return pool.getConnection();
                } catch (SQLException e) {
                    if (!Thread.currentThread().isInterrupted()) {
                        throw Failures.explain(what, address, e);
                    }
                }
            }
        }

        /// Makes ready for another try.
        ///
        /// @throws dev.muster.task.BrokerException if there is no sense in one
        void again(SQLException e) {
            boolean broken = Failures.broken(e);
            if (Failures.emptied(e) && !made) {
                made = true;
                makeTables();
                return;
            }
            if (++count >= MOST_TRIES || !broken && !Failures.outdone(e)) {
                throw Failures.explain(what, address, e);
            }
            if (broken) {
                // The others are probably as old.
                pool.getHikariPoolMXBean().softEvictConnections();
            } else {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(count * STEP));
            }
        }

        private void makeTables() {
            LOG.log(
                    Level.WARNING,
                    "the tables of Muster are gone from the PostgreSQL server " + address.name()
                            + ", and with them all tasks; making them anew");
            try (Connection connection = address.source().getConnection()) {
                Schema.prepare(connection, address);
            } catch (SQLException e) {
                throw Failures.explain(what, address, e);
            }
            // The others may know the tables that are gone.
            pool.getHikariPoolMXBean().softEvictConnections();
        }

        /// Whether a transaction was committed whose commit seems to have failed.
        ///
        /// @param said whether something was said after the commit, which may be what has failed
        boolean done(Receipt receipt, SQLException reason, Object result, boolean said) {
            if (Failures.broken(reason)) {
                return kept(receipt, reason, result);
            }
            if (!said) {
                return false;
            }
            // The server has answered, so the transaction has ended, and a look is enough.
            try (Session session = new Session(connection())) {
                return receipt.stored(session);
            } catch (SQLException e) {
                return Failures.broken(e) && kept(receipt, e, result);
            }
        }

        /// Whether the transaction was committed whose connection broke in that moment.
        ///
        /// @throws dev.muster.task.BrokerException caused by a [UnknownCommitException] if nobody can say
        boolean kept(Receipt receipt, SQLException reason, Object result) {
            long start = System.nanoTime();
            do {
                pool.getHikariPoolMXBean().softEvictConnections();
                interrupted |= Thread.interrupted();
                try (Connection connection = pool.getConnection();
                        Session session = new Session(connection)) {
                    connection.setAutoCommit(false);
                    boolean kept = receipt.kept(session);
                    connection.commit();
                    return kept;
                } catch (SQLException e) {
                    LockSupport.parkNanos(STEP);
                }
            } while (System.nanoTime() - start < PATIENCE && !pool.isClosed());
            throw Failures.explain(what, address, new UnknownCommitException(reason, receipt, result));
        }

        @Override
        public void close() {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
