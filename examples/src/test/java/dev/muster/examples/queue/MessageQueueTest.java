package dev.muster.examples.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.examples.queue.MessageQueue.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisConnectionException;

@Timeout(60)
class MessageQueueTest {
    private static final String LIST = "messages";
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration OVER_SOON = Duration.ofMillis(1);

    @TempDir
    private Path directory;

    private OwnRedis server;
    private RedisClient redis;

    @BeforeEach
    void start() throws IOException {
        server = OwnRedis.start(directory);
        redis = server.client();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void theOldestComesFirstAndLeavesWhenItIsSettled() {
        MessageQueue queue = new MessageQueue(redis, LIST, LONG);
        push("a", "b");
        assertThat(queue.take(WAIT)).contains("a");
        assertThat(waiting()).isEqualTo(1);
        assertThat(redis.llen(taken())).isEqualTo(1);
        queue.settle("a", Outcome.DONE);
        assertThat(redis.exists(taken())).isFalse();
        assertThat(queue.take(WAIT)).contains("b");
        queue.settle("b", Outcome.FAILED);
        assertThat(redis.lrange(LIST + ":failed", 0, -1)).containsExactly("b");
        assertThat(queue.take(WAIT)).isEmpty();
    }

    /// What the seed does: who dies with the message in hand takes it along.
    @Test
    void whatIsPoppedIsNowhereElse() {
        push("a");
        assertThat(redis.brpop(1, LIST)).containsExactly(LIST, "a");
        assertThat(redis.keys("*")).isEmpty();
    }

    @Test
    void whatASilentConsumerTookIsGivenBackAndTakenFirst() {
        MessageQueue dead = new MessageQueue(redis, LIST, OVER_SOON);
        MessageQueue alive = new MessageQueue(redis, LIST, LONG);
        push("a", "b");
        assertThat(dead.take(WAIT)).contains("a");
        awaitGivenBack(alive, 2);
        assertThat(alive.take(WAIT)).contains("a");
        alive.settle("a", Outcome.DONE);
        assertThat(redis.exists(LIST + ":deaths")).isFalse();
        // It was only slow: that it is done once more is said, and does no harm.
        dead.settle("a", Outcome.DONE);
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void nothingIsTakenFromWhoRenewsItsLease() {
        MessageQueue one = new MessageQueue(redis, LIST, LONG);
        MessageQueue other = new MessageQueue(redis, LIST, LONG);
        push("a");
        assertThat(one.take(WAIT)).contains("a");
        other.renew();
        assertThat(waiting()).isZero();
        assertThat(other.take(WAIT)).isEmpty();
    }

    @Test
    void whatKilledThreeConsumersHasFailed() {
        MessageQueue alive = new MessageQueue(redis, LIST, LONG);
        push("poison", "good");
        for (int death = 1; death <= 3; death++) {
            MessageQueue dead = new MessageQueue(redis, LIST, OVER_SOON);
            assertThat(dead.take(WAIT)).contains("poison");
            awaitGivenBack(alive, death < 3 ? 2 : 1);
        }
        assertThat(redis.lrange(LIST + ":failed", 0, -1)).containsExactly("poison");
        assertThat(alive.take(WAIT)).contains("good");
        assertThat(redis.exists(LIST + ":deaths")).isFalse();
    }

    @Test
    void whatMovedWithoutTheAnswerBeingHeardIsTakenNext() {
        MessageQueue queue = new MessageQueue(redis, LIST, LONG);
        Thread waiter = Thread.ofVirtual().unstarted(() -> {
            EndableWait wait = new EndableWait();
            assertThatExceptionOfType(JedisConnectionException.class)
                    .isThrownBy(() -> wait.during(() -> queue.take(Duration.ofSeconds(30))));
        });
        waiter.start();
        awaitBlocked();
        waiter.interrupt();
        Awaitility.await("the end of the wait").until(() -> !waiter.isAlive());
        push("a", "b");
        String _ = redis.lmove(LIST, taken(), ListDirection.RIGHT, ListDirection.LEFT);

        assertThat(queue.take(WAIT)).contains("a");
        queue.settle("a", Outcome.DONE);
        assertThat(queue.take(WAIT)).contains("b");
    }

    @Test
    void whatCouldNotBeSettledIsSettledBeforeTheNextIsTaken() throws IOException {
        MessageQueue queue = new MessageQueue(redis, LIST, LONG);
        push("a", "b");
        assertThat(queue.take(WAIT)).contains("a");
        server.stop();
        assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> queue.settle("a", Outcome.FAILED));
        assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> queue.take(WAIT));
        server.again();
        assertThat(queue.take(WAIT)).contains("b");
        assertThat(redis.lrange(taken(), 0, -1)).containsExactly("b");
        assertThat(redis.lrange(LIST + ":failed", 0, -1)).containsExactly("a");
    }

    @Test
    void whoLeavesLeavesNothing() {
        MessageQueue queue = new MessageQueue(redis, LIST, LONG);
        queue.renew();
        push("a");
        String _ = redis.lmove(LIST, taken(), ListDirection.RIGHT, ListDirection.LEFT);
        queue.leave();
        assertThat(redis.lrange(LIST, 0, -1)).containsExactly("a");
    }

    @Test
    void aWaitThatWasEndedStaysSo() {
        EndableWait wait = new EndableWait();
        assertThat(wait.during(() -> "answer")).isEqualTo("answer");
        wait.end();
        assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> wait.during(() -> "answer"));
        assertThat(Thread.interrupted()).isFalse();
    }

    private void push(String... messages) {
        for (String message : messages) {
            long _ = redis.lpush(LIST, message);
        }
    }

    private long waiting() {
        return redis.llen(LIST);
    }

    /// The list of the only consumer.
    private String taken() {
        return redis.zrange(LIST + ":leases", 0, -1).getFirst();
    }

    private void awaitGivenBack(MessageQueue alive, int waiting) {
        Awaitility.await("the message").pollInterval(Duration.ofMillis(5)).until(() -> {
            alive.renew();
            return waiting() == waiting;
        });
    }

    private void awaitBlocked() {
        Awaitility.await("the wait")
                .pollInterval(Duration.ofMillis(5))
                .until(() -> redis.info("clients").contains("blocked_clients:1"));
    }
}
