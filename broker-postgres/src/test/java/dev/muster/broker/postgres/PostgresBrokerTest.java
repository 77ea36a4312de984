package dev.muster.broker.postgres;

import dev.muster.task.Broker;
import dev.muster.testkit.BrokerContract;
import dev.muster.testkit.TestPostgres;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresBrokerTest extends BrokerContract {
    private static TestPostgres database;

    /// Before the brokers of the contract are opened.
    @RegisterExtension
    static final BeforeEachCallback EMPTY = _ -> database = TestPostgres.create();

    /// After they were closed.
    @RegisterExtension
    static final AfterEachCallback REMOVED = _ -> database.close();

    @Override
    protected Broker open() {
        return PostgresBroker.open(Databases.url(database, ""), "test", 1 << 20);
    }
}
