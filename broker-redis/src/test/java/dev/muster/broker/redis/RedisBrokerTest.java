package dev.muster.broker.redis;

import dev.muster.task.Broker;
import dev.muster.testkit.BrokerContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisBrokerTest extends BrokerContract {
    private static TestServer server;

    /// Before the brokers of the contract are opened.
    @RegisterExtension
    static final BeforeEachCallback EMPTY = _ -> server.empty();

    @BeforeAll
    static void startServer() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @Override
    protected Broker open() {
        return RedisBroker.open(server.url(), 1 << 20);
    }
}
