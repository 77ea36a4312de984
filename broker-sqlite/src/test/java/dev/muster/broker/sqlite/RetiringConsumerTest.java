package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.PoolTask;
import dev.muster.config.QueueShares;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Consumer;
import dev.muster.task.Instances;
import dev.muster.task.OnCrash;
import dev.muster.task.SnoozeException;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A consumer that starts nothing more, because a task was interrupted in its process or because the process is
/// condemned, or its lease has run out; and tasks that put themselves off.
@Timeout(60)
class RetiringConsumerTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final AtomicInteger RAN = new AtomicInteger();
    private static final Semaphore GATE = new Semaphore(0);
    private static final Semaphore ARRIVED = new Semaphore(0);

    private static final TaskCatalog CATALOG = new TaskCatalog(
            List.of(task("quick"), task("gated"), task("snoozes")),
            OnCrash.RETRY,
            1 << 20,
            RetiringConsumerTest.class.getClassLoader());

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

    @SuppressWarnings("DoNotCallSuggester")
    static void snoozes() {
        throw new SnoozeException(Duration.ofHours(1), "too early");
    }

    private static TaskDeclaration task(String name) {
        return new TaskDeclaration(
                name, RetiringConsumerTest.class.getName(), name, "()V", true, "", 0, 1, OnCrash.RETRY.name());
    }

    @BeforeEach
    void open() {
        broker = new ObservedBroker(SqliteBroker.open(
                directory.resolve("queue.db"), directory.resolve("native"), Durability.PROCESS, 1 << 20));
        TaskRunner runner = new TaskRunner(CATALOG, Instances.constructor(), 300_000);
        consumer = new Consumer(broker, QueueShares.only("q"), "me", 2, runner, broker, () -> {});
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
        assertThat(broker.noMarkStands()).isTrue();
        broker.close();
    }

    private Thread run() {
        Thread started = Thread.ofPlatform().start(consumer::run);
        loop = started;
        return started;
    }

    private List<String> enqueue(String task, int count) {
        return broker.enqueue(Collections.nCopies(count, NewTask.of("q", "{\"task\":\"" + task + "\"}")));
    }

    private QueueCounts counts() {
        return broker.counts().getOrDefault("q", new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void endsByItselfWhenWhatRunsHasEnded() throws InterruptedException {
        List<String> _ = enqueue("quick", 300);
        Thread thread = run();
        await().atMost(LONG).until(() -> counts().done() == 300);
        List<String> _ = enqueue("gated", 2);
        assertThat(ARRIVED.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
        List<String> _ = enqueue("quick", 20);

        consumer.startNothing();
        consumer.retire();
        GATE.release();
        await().atMost(LONG).until(() -> counts().done() == 301);
        assertThat(thread.isAlive()).as("one still runs").isTrue();
        GATE.release();
        thread.join();

        assertThat(counts().done()).isEqualTo(302);
        assertThat(counts().ready()).isEqualTo(20);
        assertThat(RAN).hasValue(302);
    }

    @Test
    void anIdleOneEndsAtOnce() throws InterruptedException {
        Thread thread = run();
        consumer.startNothing();
        consumer.retire();
        assertThat(thread.join(Duration.ofSeconds(4)))
                .as("before its longest wait is over")
                .isTrue();
    }

    @Test
    void theOutcomesOfARetiredOneWaitForABrokerThatIsDown() throws InterruptedException {
        List<String> _ = enqueue("gated", 1);
        Thread thread = run();
        assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        consumer.retire();
        broker.down = true;
        GATE.release();
        await().atMost(LONG).until(() -> Collections.frequency(broker.events, "refused settle") > 5);
        assertThat(thread.isAlive()).isTrue();
        broker.down = false;
        thread.join();
        assertThat(counts().done()).isEqualTo(1);
    }

    @Test
    void inACondemnedProcessWhatIsClaimedIsGivenBackAndNothingMoreIsClaimed() {
        broker.condemned = true;
        List<String> _ = enqueue("quick", 3);
        Thread _ = run();

        await().atMost(LONG).until(() -> broker.events.contains("gave back 1") && counts().ready() == 3);
        consumer.resume();
        await().atMost(LONG).until(() -> Collections.frequency(broker.events, "gave back 1") > 1);
        assertThat(broker.events.stream().filter(event -> event.startsWith("claimed")))
                .hasSizeLessThanOrEqualTo(4);
        assertThat(broker.events).noneMatch(event -> event.startsWith("started"));
        assertThat(RAN).hasValue(0);
    }

    /// As one that was frozen for longer than its lease: others may have what it claimed before.
    @Test
    void whatIsClaimedIsGivenBackAndNotStartedOnceTheLeaseRanOut() throws InterruptedException {
        List<String> _ = enqueue("gated", 2);
        Thread _ = run();
        assertThat(ARRIVED.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
        broker.lapsed = true;
        List<String> _ = enqueue("quick", 1);
        GATE.release(2);

        await().atMost(LONG).until(() -> broker.events.contains("gave back 1"));
        assertThat(broker.events).doesNotContain("started quick");
        broker.lapsed = false;
        await().atMost(LONG).until(() -> counts().done() == 3);
        assertThat(RAN).hasValue(3);
    }

    @Test
    void aSnoozeIsNoFailureAndSpendsNothing() {
        String id = enqueue("snoozes", 1).getFirst();
        Thread _ = run();

        await().atMost(LONG).until(() -> counts().scheduled() == 1);
        assertThat(broker.find(id).orElseThrow()).satisfies(view -> {
            assertThat(view.attempts()).isZero();
            assertThat(view.history())
                    .singleElement()
                    .asString()
                    .contains("snoozed")
                    .contains("too early");
        });
        assertThat(broker.events).contains("finished").doesNotContain("failed");
    }

    @Test
    void aHookMaySnoozeAndSeesItsToken() throws InterruptedException {
        String id = enqueue("quick", 1).getFirst();
        PoolTask first = consumer.take(LONG).orElseThrow();
        first.snooze(Duration.ZERO);
        PoolTask second = consumer.take(LONG).orElseThrow();

        assertThat(second.id()).isEqualTo(id);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.token()).isGreaterThan(first.token());
        second.done();
        assertThat(counts().done()).isEqualTo(1);
    }
}
