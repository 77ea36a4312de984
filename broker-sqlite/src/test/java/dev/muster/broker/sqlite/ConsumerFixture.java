package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.QueueShares;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Consumer;
import dev.muster.task.Instances;
import dev.muster.task.OnCrash;
import dev.muster.task.RetryException;
import dev.muster.task.SnoozeException;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/// A consumer of one queue in a real file, with tasks that can be held up and counted.
@Timeout(60)
abstract class ConsumerFixture {
    final AtomicInteger rests = new AtomicInteger();
    static final AtomicInteger RAN = new AtomicInteger();
    static final AtomicInteger AT_ONCE = new AtomicInteger();
    static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();
    static final AtomicInteger BESIDE_THE_LONE_ONE = new AtomicInteger();
    static final Semaphore GATE = new Semaphore(0);
    static final Semaphore ARRIVED = new Semaphore(0);

    @TempDir
    Path directory;

    ObservedBroker broker;

    @Nullable
    Consumer consumer;

    @Nullable
    Thread loop;

    final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

    static void quick() {
        RAN.incrementAndGet();
    }

    static void strict() {
        RAN.incrementAndGet();
    }

    static void gated() throws InterruptedException {
        int now = AT_ONCE.incrementAndGet();
        MOST_AT_ONCE.accumulateAndGet(now, Math::max);
        ARRIVED.release();
        GATE.acquire();
        AT_ONCE.decrementAndGet();
        RAN.incrementAndGet();
    }

    static void lone() {
        BESIDE_THE_LONE_ONE.accumulateAndGet(AT_ONCE.get(), Math::max);
        RAN.incrementAndGet();
    }

    static void fails() {
        RAN.incrementAndGet();
        throw new RetryException("not yet");
    }

    @SuppressWarnings("DoNotCallSuggester")
    static void snoozes() {
        throw new SnoozeException(Duration.ofHours(1), "too early");
    }

    @SuppressWarnings("DoNotCallSuggester")
    static void outOfMemory() {
        throw new OutOfMemoryError("simulated");
    }

    static void greedy(Greedy greedy) {
        RAN.addAndGet(greedy.text().length());
    }

    @JsonDeserialize(using = GreedyReader.class)
    record Greedy(String text) {}

    /// Runs out of memory before there is anything to call the method with.
    static final class GreedyReader extends ValueDeserializer<Greedy> {
        @Override
        public Greedy deserialize(JsonParser parser, DeserializationContext context) {
            throw new OutOfMemoryError("simulated");
        }
    }

    static TaskDeclaration task(String name, int attempts, OnCrash onCrash) {
        return new TaskDeclaration(
                name, ConsumerFixture.class.getName(), name, "()V", true, "", 0, attempts, onCrash.name());
    }

    static final TaskCatalog CATALOG = new TaskCatalog(
            List.of(
                    task("quick", 1, OnCrash.RETRY),
                    task("strict", 1, OnCrash.DEAD),
                    task("gated", 1, OnCrash.RETRY),
                    task("lone", 1, OnCrash.RETRY),
                    task("fails", 3, OnCrash.RETRY),
                    task("snoozes", 1, OnCrash.RETRY),
                    task("outOfMemory", 1, OnCrash.RETRY),
                    new TaskDeclaration(
                            "greedy",
                            ConsumerFixture.class.getName(),
                            "greedy",
                            "(" + Greedy.class.descriptorString() + ")V",
                            true,
                            "",
                            0,
                            1,
                            OnCrash.RETRY.name())),
            OnCrash.RETRY,
            1 << 20,
            ConsumerFixture.class.getClassLoader());

    @BeforeEach
    void open() {
        broker = new ObservedBroker(SqliteBroker.open(
                directory.resolve("queue.db"), directory.resolve("native"), Durability.PROCESS, 1 << 20));
        for (AtomicInteger number : List.of(RAN, AT_ONCE, MOST_AT_ONCE, BESIDE_THE_LONE_ONE)) {
            number.set(0);
        }
        GATE.drainPermits();
        ARRIVED.drainPermits();
    }

    @AfterEach
    void close() throws Exception {
        broker.down = false;
        GATE.release(1000);
        stop();
        QueueCounts n = counts();
        assertThat(n.ready() + n.scheduled() + n.done() + n.dead())
                .as("nothing stays claimed: %s", n)
                .isEqualTo(n.accepted());
        assertThat(broker.noMarkStands()).isTrue();
        broker.close();
    }

    Consumer make(int concurrency) {
        return new Consumer(
                broker,
                QueueShares.only("q"),
                "me",
                concurrency,
                new TaskRunner(CATALOG, Instances.constructor(), 300_000),
                broker,
                rests::incrementAndGet);
    }

    void start(int concurrency) {
        Consumer made = make(concurrency);
        consumer = made;
        loop = Thread.ofPlatform().start(() -> {
            try {
                made.run();
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
    }

    void stop() throws InterruptedException {
        if (consumer != null) {
            consumer.stop();
        }
        if (loop != null) {
            loop.join();
        }
    }

    List<String> enqueue(String task, int count) {
        return broker.enqueue(Collections.nCopies(count, NewTask.of("q", "{\"task\":\"" + task + "\"}")));
    }

    QueueCounts counts() {
        return broker.counts().getOrDefault("q", new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    void untilDone(long count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> counts().done() == count);
    }
}
