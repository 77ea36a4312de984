package dev.muster.broker.postgres;

import dev.muster.broker.sql.Changes;
import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Lane;
import dev.muster.broker.sql.Session;
import dev.muster.broker.sql.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The database as a spare rehearses in it: everything happens in one transaction, which is rolled back at the end. So
/// nobody else ever sees any of it, also if the process is killed in the middle, and no tables have to be made for it.
///
/// **Threads:** one at a time. **Failure:** a first error makes all that follows fail.
final class RehearsedStore implements Store, Lane {
    private final Address address;
    private final PostgresDialect dialect;
    private final Connection connection;
    private final Session session;

    private RehearsedStore(Address address, Connection connection) throws SQLException {
        this.address = address;
        this.dialect = new PostgresDialect(address.schema());
        this.connection = connection;
        this.session = new Session(connection);
        session.execute(PostgresStore.session(address.schema()));
        connection.setAutoCommit(false);
    }

    static RehearsedStore open(Address address) {
        try {
            return new RehearsedStore(address, address.source().getConnection());
        } catch (SQLException e) {
            throw Failures.explain("rehearse", address, e);
        }
    }

    @Override
    public <T> T write(String what, Work<T> work) {
        try {
            return work.on(session);
        } catch (SQLException e) {
            throw Failures.explain(what, address, e);
        }
    }

    @Override
    public <T> T read(String what, Work<T> work) {
        return write(what, work);
    }

    @Override
    public Lane ledger() {
        return this;
    }

    @Override
    public Lane intake() {
        return this;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    /// Nobody is told.
    @Override
    public Changes changes() {
        return new Changes() {
            @Override
            public int changes(List<String> queues) {
                return 0;
            }

            @Override
            public void changed(String queue) {}

            @Override
            public void changed() {}

            @Override
            public void await(List<String> queues, int seen, long nanos) {}
        };
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            session.close();
        } catch (SQLException e) {
            // The server does it when the connection is gone.
        }
    }
}
