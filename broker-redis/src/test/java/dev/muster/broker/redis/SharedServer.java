package dev.muster.broker.redis;

import dev.muster.task.Broker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

/// One server for the tests of a class, empty for each of them, with a broker and with somebody who knows nothing of
/// Muster.
@Timeout(60)
abstract class SharedServer {
    static TestServer server;

    Broker broker;
    RedisClient php;

    @BeforeAll
    static void startServer() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() {
        server.empty();
        broker = RedisBroker.open(server.url(), 1 << 20);
        php = RedisClient.create(server.url());
    }

    @AfterEach
    void close() {
        broker.close();
        php.close();
    }
}
