package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

/// Waiting is for the server to end, by whatever makes a task ready, and costs nothing meanwhile.
class WaitingTest extends SharedServer {
    private static final String QUEUE = "q";
    private static final Duration LONG = Duration.ofSeconds(30);

    private Jedis redis;

    @BeforeEach
    void connect() {
        redis = new Jedis(server.url());
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    @Test
    void aTaskThatIsScheduledMeanwhileComesAtItsTime() throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            long start = System.nanoTime();
            Future<List<Claim>> claimed = threads.submit(() -> awaitClaims(List.of(QUEUE)));
            awaitWatches(1);

            broker.enqueue(List.of(new NewTask(QUEUE, "{}", Duration.ofMillis(200), "")));

            assertThat(claimed.get(20, TimeUnit.SECONDS)).hasSize(1);
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
        }
    }

    @Test
    void nothingIsSentWhileNothingHappens() throws Exception {
        broker.await(QUEUE, Duration.ofMillis(1));
        long before = commands();
        broker.await(List.of(QUEUE, "other", "third"), Duration.ofMillis(500));

        // One look of two answers and four for each queue, and the question how many there were.
        assertThat(commands() - before).isEqualTo(14 + 1);
    }

    @Test
    void aPausedQueueThatIsFullIsWaitedForLikeAnEmptyOne() throws Exception {
        broker.enqueue(
                List.of(NewTask.of(QUEUE, "{}"), new NewTask("", QUEUE, "{}", Duration.ZERO, "", 5, ""), scheduled(1)));
        broker.pause(QUEUE);
        broker.await("other", Duration.ofMillis(1));
        long before = commands();
        long start = System.nanoTime();
        broker.await(QUEUE, Duration.ofMillis(500));

        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(450));
        assertThat(commands() - before).isEqualTo(6 + 1);
    }

    private static NewTask scheduled(int millis) {
        return new NewTask(QUEUE, "{}", Duration.ofMillis(millis), "");
    }

    /// More threads than the pool has connections, each with all of the queues.
    @Test
    void manyWaitForManyQueuesWithOneConnectionEach() throws Exception {
        List<String> queues = IntStream.range(0, 64).mapToObj(i -> QUEUE + i).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            List<Future<List<Claim>>> claimed = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> awaitClaims(queues)))
                    .toList();
            awaitWatches(20);
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                broker.enqueue(List.of(NewTask.of(queues.get(63 - i), "{}")));
            }
            for (Future<List<Claim>> one : claimed) {
                assertThat(one.get(20, TimeUnit.SECONDS)).hasSize(1);
            }
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
            assertThat(watches()).isEqualTo(20);
        }
    }

    @Test
    void aConnectionThatWasCutOffIsReplaced() throws Exception {
        broker.enqueue(List.of(NewTask.of(QUEUE, "{}")));
        broker.await(QUEUE, LONG);
        cutOffAll();

        broker.await(QUEUE, LONG);

        assertThat(watches()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsCutOffMeanwhileIsReplacedOnce() throws Exception {
        broker.await(QUEUE, Duration.ofMillis(1));
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<List<Claim>> claimed = threads.submit(() -> awaitClaims(List.of(QUEUE)));
            cutOffAll();
            awaitWatches(1);
            broker.enqueue(List.of(NewTask.of(QUEUE, "{}")));

            assertThat(claimed.get(20, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void noQueueAndTooManyAreRefused() {
        assertThatThrownBy(() -> broker.await(List.of(), LONG)).hasMessageContaining("1 to 64");
        List<String> many = IntStream.range(0, 65).mapToObj(i -> QUEUE + i).toList();
        assertThatThrownBy(() -> broker.await(many, LONG)).hasMessageContaining("not 65");
    }

    private List<Claim> awaitClaims(List<String> queues) throws InterruptedException {
        List<Claim> claims = new ArrayList<>();
        while (claims.isEmpty()) {
            broker.await(queues, LONG);
            for (String queue : queues) {
                if (claims.isEmpty()) {
                    claims.addAll(broker.claim(queue, "w", 1));
                }
            }
        }
        return claims;
    }

    private void awaitWatches(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> watches() == count);
    }

    /// The connections that the server tells of changes and that have looked at something.
    private long watches() {
        return redis.clientList()
                .lines()
                .filter(line -> line.contains(" flags=t ") && line.contains(" cmd=zrange "))
                .count();
    }

    private void cutOffAll() {
        String me = Long.toString(redis.clientId());
        redis.clientList()
                .lines()
                .map(line -> line.substring("id=".length(), line.indexOf(' ')))
                .filter(id -> !id.equals(me))
                .forEach(id -> redis.clientKill(new ClientKillParams().id(id)));
    }

    private long commands() {
        return redis.info("stats")
                .lines()
                .filter(line -> line.startsWith("total_commands_processed:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }
}
