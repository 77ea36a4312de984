package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker;
import dev.muster.testkit.BrokerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/// The contract, kept by a user of the server who may do just what docs/protocol/redis.md says.
class RedisBrokerTest extends BrokerContract {
    private static final String[] RIGHTS = "-@all +@read +@write +@scripting +@connection +info +time".split(" ", -1);

    private static TestServer server;
    private static String url;

    /// Before the brokers of the contract are opened.
    @RegisterExtension
    static final BeforeEachCallback EMPTY = _ -> server.empty();

    @BeforeAll
    static void startServer() throws Exception {
        server = TestServer.start();
        url = server.url().replace("redis://", "redis://muster:pw@");
        try (Jedis redis = new Jedis(server.url())) {
            String _ = redis.aclSetUser("muster", "on", ">pw", "~*");
            String _ = redis.aclSetUser("muster", RIGHTS);
        }
    }

    @Test
    void theRightsAreThoseOfTheDocument() {
        assertThat(Path.of("../docs/protocol/redis.md")).content().contains(String.join(" ", RIGHTS));
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @Override
    protected Broker open() {
        return RedisBroker.open(url, 1 << 20);
    }
}
