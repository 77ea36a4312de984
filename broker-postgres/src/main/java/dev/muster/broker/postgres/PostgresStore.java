package dev.muster.broker.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.muster.broker.sql.Changes;
import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Lane;
import dev.muster.broker.sql.Store;
import dev.muster.task.BrokerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/// The database of the queue, open: a few connections that all threads of this process share, and one more that listens
/// when somebody waits for tasks.
///
/// **Threads:** safe for use by many threads. **Failure:** a process that dies inside a transaction leaves no trace of
/// it, and its locks are free as soon as the server sees the end of its connection.
final class PostgresStore implements Store {
    /// So many at most; one while little is done.
    static final int CONNECTIONS = 4;

    private final HikariDataSource pool;
    private final PooledLane lane;
    private final Notifications notifications;
    private final PostgresDialect dialect;
    private final String durability;

    private PostgresStore(Address address, String durability) {
        this.durability = durability;
        this.dialect = new PostgresDialect(address.schema());
        this.pool = pool(address);
        this.lane = new PooledLane(pool, address);
        this.notifications = new Notifications(address, lane);
    }

    /// Opens the database, making the tables if they are missing.
    ///
    /// @throws BrokerException with the reason and what to do
    static PostgresStore open(Address address) {
        String what = "use the PostgreSQL server " + address.name();
        try (Connection connection = address.source().getConnection()) {
            String durability = ServerCheck.of(connection, address, System::currentTimeMillis);
            Schema.prepare(connection, address);
            return new PostgresStore(address, durability);
        } catch (SQLException e) {
            throw Failures.explain(what, address, e);
        }
    }

    private static HikariDataSource pool(Address address) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("muster-postgres");
        config.setDataSource(address.source());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setIdleTimeout(TimeUnit.MINUTES.toMillis(1));
        // A server that is restarted within this time is waited for.
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(5));
        config.setValidationTimeout(TimeUnit.SECONDS.toMillis(2));
        // The server was there a moment ago.
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(session(address.schema()));
        return new HikariDataSource(config);
    }

    /// What a connection begins with.
    ///
    /// - Plans are made when the tables are empty and used when they are full, so they always use the indexes.
    /// - Whoever is locked out for 10 s says so. A process that is stopped inside a transaction keeps its locks for
    ///   a minute, and so does one whose machine is gone.
    static String session(String schema) {
        return "SET search_path TO " + PostgresDialect.path(schema)
                + "; SET default_transaction_isolation TO 'read committed'; SET enable_seqscan TO off; SET"
                + " enable_bitmapscan TO off; SET jit TO off; SET plan_cache_mode TO force_generic_plan; SET"
                + " lock_timeout TO '10s'; SET idle_in_transaction_session_timeout TO '60s'; SET tcp_keepalives_idle"
                + " TO 30; SET tcp_keepalives_interval TO 10; SET tcp_keepalives_count TO 3";
    }

    /// What the server promises to keep, see [ServerCheck].
    String durability() {
        return durability;
    }

    @Override
    public Lane ledger() {
        return lane;
    }

    /// Each transaction is as durable as the server is told to make it.
    @Override
    public Lane intake() {
        return lane;
    }

    /// Where one queue gets tasks, whoever waits for them in another process is told in the same round trip.
    @Override
    public <T> T accept(String what, Collection<String> queues, Lane.Work<T> work) {
        if (queues.size() != 1) {
            return Store.super.accept(what, queues, work);
        }
        String queue = queues.iterator().next();
        if (!notifications.worthAWord(queue)) {
            T result = lane.write(what, work);
            notifications.changed(queue);
            return result;
        }
        T result = lane.write(what, notifications.channel(), queue, work);
        notifications.heard(queue);
        return result;
    }

    @Override
    public boolean refused(BrokerException failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause instanceof SQLException e && Failures.refused(e);
    }

    @Override
    public Changes changes() {
        return notifications;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public void close() {
        notifications.close();
        pool.close();
    }
}
