package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.PoolTask;
import dev.muster.config.QueueShares;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Consumer;
import dev.muster.task.Instances;
import dev.muster.task.OnCrash;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A consumer that is to take up no work for a while.
@Timeout(60)
class PausedConsumerTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final AtomicInteger RAN = new AtomicInteger();
    private static final Semaphore GATE = new Semaphore(0);
    private static final Semaphore ARRIVED = new Semaphore(0);

    private static final TaskCatalog CATALOG = new TaskCatalog(
            List.of(task("quick"), task("gated")), OnCrash.RETRY, 1 << 20, PausedConsumerTest.class.getClassLoader());

    private final AtomicInteger rests = new AtomicInteger();

    @TempDir
    Path directory;

    private ObservedBroker broker;
    private Consumer consumer;
    private @Nullable Thread loop;

    static void quick() {
        RAN.incrementAndGet();
    }

    static void gated() throws InterruptedException {
        ARRIVED.release();
        GATE.acquire();
        RAN.incrementAndGet();
    }

    private static TaskDeclaration task(String name) {
        return new TaskDeclaration(
                name, PausedConsumerTest.class.getName(), name, "()V", true, "", 0, 1, OnCrash.RETRY.name());
    }

    @BeforeEach
    void open() {
        broker = new ObservedBroker(SqliteBroker.open(
                directory.resolve("queue.db"), directory.resolve("native"), Durability.PROCESS, 1 << 20));
        TaskRunner runner = new TaskRunner(CATALOG, Instances.constructor(), 300_000);
        consumer = new Consumer(broker, QueueShares.only("q"), "me", 1, runner, broker, rests::incrementAndGet);
        RAN.set(0);
        GATE.drainPermits();
        ARRIVED.drainPermits();
    }

    @AfterEach
    void close() throws InterruptedException {
        GATE.release(1_000);
        consumer.stop();
        if (loop != null) {
            loop.join();
        }
        broker.close();
    }

    private void run() {
        loop = Thread.ofPlatform().start(consumer::run);
    }

    private void enqueue(String task, int count) {
        List<String> _ = broker.enqueue(Collections.nCopies(count, NewTask.of("q", "{\"task\":\"" + task + "\"}")));
    }

    private QueueCounts counts() {
        return broker.counts().getOrDefault("q", new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void finishesWhatRunsAndGivesBackWhatIsOnlyClaimed() throws InterruptedException {
        // Many short ones first: only then is more claimed than what runs.
        enqueue("quick", 300);
        run();
        await().atMost(LONG).until(() -> counts().done() == 300);
        enqueue("gated", 1);
        assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        enqueue("quick", 20);

        consumer.pause();
        await().atMost(LONG).until(() -> counts().ready() == 20 && counts().running() == 1);
        assertThat(rests).as("one still runs").hasValue(0);
        GATE.release();

        await().atMost(LONG).until(() -> rests.get() > 0);
        assertThat(counts().done())
                .as("its outcome is stored before it is at rest")
                .isEqualTo(301);
        assertThat(counts().ready()).isEqualTo(20);
        assertThat(counts().running()).isZero();
        assertThat(RAN).hasValue(301);
    }

    @Test
    void anIdleOneIsAtRestAtOnceAndClaimsNothingBeforeItWorksAgain() {
        enqueue("quick", 1);
        run();
        await().atMost(LONG).until(() -> counts().done() == 1);
        consumer.pause();
        await().atMost(LONG).until(() -> rests.get() > 0);
        broker.events.clear();
        enqueue("quick", 5);
        consumer.pause();
        await().atMost(LONG).until(() -> rests.get() > 1);
        assertThat(broker.events).noneMatch(event -> event.startsWith("claimed"));
        assertThat(counts().ready()).isEqualTo(5);

        consumer.resume();
        await().atMost(LONG).until(() -> counts().done() == 6);
        assertThat(RAN).hasValue(6);
    }

    @Test
    void isNotAtRestBeforeWhatIsFinishedIsStored() throws InterruptedException {
        enqueue("gated", 1);
        run();
        assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        broker.down = true;
        consumer.pause();
        GATE.release();
        await().atMost(LONG).until(() -> broker.events.contains("refused settle"));
        assertThat(rests).hasValue(0);
        broker.down = false;
        await().atMost(LONG).until(() -> rests.get() > 0);
        assertThat(counts().done()).isEqualTo(1);
    }

    @Test
    void canBeStoppedWhileItRests() throws InterruptedException {
        run();
        consumer.pause();
        await().atMost(LONG).until(() -> rests.get() > 0);
        enqueue("quick", 1);
        consumer.stop();
        assertThat(loop).isNotNull();
        loop.join();
        assertThat(counts().ready()).isEqualTo(1);
    }

    @Test
    void aHookThatTakesSeesNothingAndFindsItAfterwards() throws Exception {
        enqueue("quick", 1);
        consumer.pause();
        assertThat(consumer.take(Duration.ofMillis(1))).isEmpty();
        assertThat(rests).hasValue(1);
        assertThat(counts().ready()).isEqualTo(1);

        CompletableFuture<Optional<PoolTask>> waiting = CompletableFuture.supplyAsync(() -> take(LONG));
        await().atMost(LONG).until(() -> rests.get() == 2);
        consumer.resume();
        assertThat(waiting.get()).as("it was paused when it was asked").isEmpty();
        PoolTask task = consumer.take(LONG).orElseThrow();
        task.done();
        assertThat(consumer.take(Duration.ZERO)).isEmpty();
        assertThat(counts().done()).isEqualTo(1);
    }

    @Test
    void aHookThatHasATaskIsNotAtRest() throws Exception {
        enqueue("quick", 1);
        PoolTask task = consumer.take(LONG).orElseThrow();
        consumer.pause();
        assertThatThrownBy(() -> consumer.take(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(task.id());
        assertThat(rests).hasValue(0);
        broker.down = true;
        task.done();
        assertThat(consumer.take(Duration.ZERO)).isEmpty();
        assertThat(rests).as("its outcome is not stored").hasValue(0);
        broker.down = false;
        assertThat(consumer.take(Duration.ZERO)).isEmpty();
        assertThat(rests).hasValue(1);
        assertThat(counts().done()).isEqualTo(1);
    }

    private Optional<PoolTask> take(Duration wait) {
        try {
            return consumer.take(wait);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
