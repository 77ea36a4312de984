package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.BrokerException;
import dev.muster.task.DeadReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

/// A server that has no more memory refuses new tasks, and nothing of what makes room again.
@Timeout(60)
class FullServerTest {
    private static final String QUEUE = "full";
    private static final NewTask TASK = NewTask.of(QUEUE, "{\"task\":\"t\"}");

    @Test
    void aFullServerIsWorkedOff() throws Exception {
        try (TestServer server = TestServer.start();
                Broker broker = RedisBroker.open(server.url(), 1 << 20);
                RedisClient redis = RedisClient.create(server.url())) {
            broker.enqueue(List.of(TASK, TASK, TASK, TASK));
            assertThat(broker.coordination().lease("process/Shop/Ticker#1", "node-1", "", Duration.ofMinutes(1)))
                    .isPresent();
            String _ = redis.configSet("maxmemory", "1");

            assertThatThrownBy(() -> broker.enqueue(List.of(TASK)))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("memory");
            broker.renew("w", Duration.ofMinutes(1));
            List<Claim> claims = broker.claim(QUEUE, "w", 4);
            assertThat(claims).hasSize(4);
            broker.giveBack(List.of(claims.get(3)));
            assertThat(broker.settle(List.of(
                            new Outcome.Retry(claims.get(0), claims.get(0).payload(), Duration.ofHours(1), "no"),
                            new Outcome.Dead(claims.get(1), DeadReason.BURIED, "no"),
                            new Outcome.Done(claims.get(2)))))
                    .isEmpty();
            assertThat(broker.coordination().lease("process/Shop/Ticker#1", "node-1", "", Duration.ofMinutes(1)))
                    .isPresent();

            QueueCounts counts = broker.counts().get(QUEUE);
            assertThat(List.of(counts.ready(), counts.scheduled(), counts.running(), counts.done(), counts.dead()))
                    .containsExactly(1L, 1L, 0L, 1L, 1L);
        }
    }
}
