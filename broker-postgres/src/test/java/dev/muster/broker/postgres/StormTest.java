package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.DeadReason;
import dev.muster.task.OnCrash;
import dev.muster.testkit.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// All at once and on the same tasks: enqueueing, also of what is there, claiming, finishing, failing, giving back,
/// dying, cancelling, retrying and counting. Nobody gets an error, the account closes at each look, and no outcome
/// counts twice.
@Timeout(120)
class StormTest {
    private static final List<String> QUEUES = List.of("a", "b", "c");
    private static final int BATCHES = 120;

    private final long seed = System.nanoTime();
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final AtomicLong doneOutcomes = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    private TestPostgres database;
    private Broker first;
    private Broker second;

    @BeforeEach
    void open() {
        database = TestPostgres.create();
        first = PostgresBroker.open(Databases.url(database, ""), "test", 1 << 20);
        second = PostgresBroker.open(Databases.url(database, ""), "test", 1 << 20);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        database.close();
    }

    @Test
    void nobodyIsHurt() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> producers = new ArrayList<>();
            List<Future<?>> others = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int n = i;
                producers.add(threads.submit(() -> produce(n, n % 2 == 0 ? first : second)));
            }
            for (int i = 0; i < 6; i++) {
                int n = i;
                others.add(threads.submit(() -> work(n, n % 2 == 0 ? first : second)));
            }
            for (Broker broker : List.of(first, second)) {
                others.add(threads.submit(() -> look(broker)));
            }
            for (Future<?> producer : producers) {
                producer.get();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> ended(others) || nothingLeft());
            over.set(true);
            for (Future<?> other : others) {
                other.get(20, TimeUnit.SECONDS);
            }
        }
        assertThat(twice).as("done twice, seed %s", seed).hasValue(0);
        long counted =
                first.counts().values().stream().mapToLong(QueueCounts::done).sum();
        assertThat(counted).as("seed %s", seed).isEqualTo(doneOutcomes.get());
        assertThat(counted).isPositive();
    }

    private static boolean ended(List<Future<?>> others) {
        return others.stream().anyMatch(Future::isDone);
    }

    private boolean nothingLeft() {
        return first.counts().values().stream().allMatch(n -> n.ready() + n.scheduled() + n.running() == 0);
    }

    private void produce(int number, Broker broker) {
        Random random = new Random(seed + number);
        for (int i = 0; i < BATCHES; i++) {
            List<NewTask> batch = new ArrayList<>();
            for (int k = 0; k < 20; k++) {
                String large = random.nextInt(40) == 0 ? " ".repeat(20_000) : "";
                batch.add(new NewTask(
                        "t" + number + "-" + i + "-" + k,
                        QUEUES.get(random.nextInt(QUEUES.size())),
                        "{\"x\":" + k + "}" + large,
                        Duration.ofMillis(random.nextInt(4) == 0 ? 50 : 0),
                        "",
                        random.nextInt(3) - 1,
                        random.nextInt(10) == 0 ? "key" + random.nextInt(20) : ""));
            }
            assertThat(broker.enqueue(batch)).hasSize(batch.size());
            if (random.nextInt(3) == 0) {
                assertThat(broker.enqueue(List.of(unique(random)))).hasSize(1);
            }
            if (random.nextInt(10) == 0) {
                var _ = broker.cancel(batch.get(random.nextInt(batch.size())).id());
            }
        }
    }

    private static NewTask unique(Random random) {
        return new NewTask("", "a", "{}", Duration.ZERO, "", 0, "key" + random.nextInt(20));
    }

    private void work(int number, Broker broker) {
        Random random = new Random(seed + 100 + number);
        String owner = "w" + number;
        List<Claim> held = new ArrayList<>();
        while (!over.get()) {
            List<Claim> claims = broker.claim(QUEUES.get(random.nextInt(QUEUES.size())), owner, 10);
            if (claims.size() > 1) {
                assertThat(claims)
                        .noneMatch(claim -> claim.alone() || claim.payload().length() > 16_384);
            }
            held.addAll(claims);
            if (held.isEmpty() || held.size() < 20 && !claims.isEmpty()) {
                continue;
            }
            Collections.shuffle(held, random);
            switch (random.nextInt(10)) {
                case 0 -> broker.giveBack(held);
                case 1 -> die(broker, owner, held);
                default -> settle(broker, held, random);
            }
            held.clear();
        }
        broker.giveBack(held);
    }

    private static void die(Broker broker, String owner, List<Claim> held) {
        Set<String> started = new HashSet<>();
        held.stream().limit(3).forEach(claim -> started.add(claim.id()));
        var _ = broker.reclaim(
                new DeadWorker(owner, "", Verdict.CRASH, "", List.copyOf(started), true, "SIGNAL 9", ""),
                claim -> new Terms(OnCrash.RETRY, claim.payload(), Duration.ZERO));
    }

    private void settle(Broker broker, List<Claim> held, Random random) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Claim claim : held) {
            outcomes.add(
                    switch (random.nextInt(20)) {
                        case 0 ->
                            new Outcome.Retry(claim, claim.payload(), Duration.ofMillis(random.nextInt(2) * 20L), "no");
                        case 1 -> new Outcome.Dead(claim, DeadReason.MALFORMED, "no");
                        default -> new Outcome.Done(claim);
                    });
        }
        Set<Outcome> stale = Collections.newSetFromMap(new IdentityHashMap<>());
        stale.addAll(broker.settle(outcomes));
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Done(Claim claim, String _, Duration _) && !stale.contains(outcome)) {
                doneOutcomes.incrementAndGet();
                if (!done.add(claim.id())) {
                    twice.incrementAndGet();
                }
            }
        }
    }

    private void look(Broker broker) {
        while (!over.get()) {
            int _ = broker.retryAll();
            broker.renew("looker", Duration.ofSeconds(60));
            for (Map.Entry<String, QueueCounts> entry : broker.counts().entrySet()) {
                QueueCounts n = entry.getValue();
                assertThat(n.ready() + n.scheduled() + n.running() + n.done() + n.dead() + n.deleted())
                        .as("the account of %s: %s, seed %s", entry.getKey(), n, seed)
                        .isEqualTo(n.accepted());
            }
        }
    }
}
