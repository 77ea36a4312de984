package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.BrokerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/// What is left of a broker when its server was restarted, emptied or disturbed.
@Timeout(60)
class ServerLossTest {
    private static final String QUEUE = "q";

    private TestServer server;
    private Broker broker;
    private RedisClient redis;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        server = TestServer.durable(directory);
        broker = RedisBroker.open(server.url(), 1 << 20);
        redis = RedisClient.create(server.url());
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
        redis.close();
        server.close();
    }

    /// Several connections of the pool have lost their other end; no call finds that out by failing.
    @Test
    void afterARestartNoCallFailsAndNoTaskIsKeptTwice() throws Exception {
        fillThePool();
        long before = broker.counts().get(QUEUE).accepted();
        server.stop();
        server.again();

        enqueueInParallel();
        for (int i = 0; i < 20; i++) {
            enqueue();
        }

        assertThat(broker.counts().get(QUEUE).accepted() - before).isEqualTo(8 * 20 + 20);
    }

    private void fillThePool() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            enqueueInParallel();
            return connections() > 5;
        });
    }

    private int connections() {
        return redis.info("clients")
                .lines()
                .filter(line -> line.startsWith("connected_clients:"))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    private void enqueueInParallel() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> {
                    for (int n = 0; n < 20; n++) {
                        enqueue();
                    }
                }));
            }
            for (Future<?> one : all) {
                Object _ = one.get();
            }
        }
    }

    @Test
    void anEmptiedServerLearnsTheNamesOfTheQueuesAgain() {
        enqueue();
        assertThat(broker.counts()).containsOnlyKeys(QUEUE);
        server.empty();
        assertThat(broker.counts()).isEmpty();

        enqueue();
        broker.pause("paused");
        long _ = redis.lpush("pushed", "{}");
        assertThat(broker.claim("pushed", "w", 1)).hasSize(1);

        assertThat(broker.counts()).containsOnlyKeys("paused", "pushed", QUEUE);
        assertThat(broker.counts().get(QUEUE).accepted()).isEqualTo(1);
    }

    @Test
    void aNameThatCannotBeKeptIsTriedAgainAndNothingIsAcceptedUntilThen() {
        String _ = redis.set(QueueKeys.QUEUES, "not a set");
        long _ = redis.lpush("pushed", "{}");

        assertThatThrownBy(this::enqueue)
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("cannot enqueue 1 tasks")
                .hasMessageContaining("WRONGTYPE");
        assertThatThrownBy(() -> broker.claim("pushed", "w", 1)).isInstanceOf(BrokerException.class);
        assertThat(redis.llen(QUEUE)).isZero();
        assertThat(redis.llen("pushed")).isEqualTo(1);

        long _ = redis.del(QueueKeys.QUEUES);
        enqueue();
        assertThat(broker.claim("pushed", "w", 1)).hasSize(1);
        assertThat(broker.counts()).containsOnlyKeys("pushed", QUEUE);
        assertThat(broker.counts().get(QUEUE).accepted()).isEqualTo(1);
    }

    /// Without the last second it does not know which tokens it gave.
    @Test
    void aServerThatHasForgottenAClaimGivesItsTokenToNoOther() {
        enqueue("order-7");
        Claim lost = broker.claim(QUEUE, "frozen", 1).getFirst();
        server.empty();
        enqueue("order-7");
        Claim claim = broker.claim(QUEUE, "w", 1).getFirst();

        assertThat(claim.id()).isEqualTo(lost.id());
        assertThat(claim.token()).isGreaterThan(lost.token()).isLessThan(1L << 53);
        assertThat(broker.settle(List.of(new Outcome.Done(lost)))).hasSize(1);
        assertThat(broker.settle(List.of(new Outcome.Done(claim)))).isEmpty();
    }

    @Test
    void tokensGrowAlsoIfTheClockOfTheServerIsBehindThem() {
        enqueue("order-7");
        long ahead = 1L << 52;
        long _ = redis.hset("muster:{" + QUEUE + "}:counts", "claims", Long.toString(ahead));

        Claim first = broker.claim(QUEUE, "w", 1).getFirst();
        broker.giveBack(List.of(first));
        Claim second = broker.claim(QUEUE, "w", 1).getFirst();

        assertThat(List.of(first.token(), second.token())).containsExactly(ahead + 1, ahead + 2);
        assertThat(broker.settle(List.of(new Outcome.Done(first)))).hasSize(1);
        assertThat(broker.settle(List.of(new Outcome.Done(second)))).isEmpty();
    }

    private void enqueue(String id) {
        List<String> _ = broker.enqueue(List.of(new NewTask(id, QUEUE, "{}", Duration.ZERO, "")));
    }

    private void enqueue() {
        List<String> _ = broker.enqueue(List.of(NewTask.of(QUEUE, "{}")));
    }
}
