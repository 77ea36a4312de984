package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.PoolTask;
import dev.muster.config.QueueShares;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.Consumer;
import dev.muster.task.Instances;
import dev.muster.task.OnCrash;
import dev.muster.task.RetryException;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConsumerTest {
    private final AtomicInteger rests = new AtomicInteger();
    private static final AtomicInteger RAN = new AtomicInteger();
    private static final AtomicInteger AT_ONCE = new AtomicInteger();
    private static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();
    private static final AtomicInteger BESIDE_THE_LONE_ONE = new AtomicInteger();
    private static final Semaphore GATE = new Semaphore(0);
    private static final Semaphore ARRIVED = new Semaphore(0);

    @TempDir
    Path directory;

    private ObservedBroker broker;
    private @Nullable Consumer consumer;
    private @Nullable Thread loop;
    private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

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
    static void outOfMemory() {
        throw new OutOfMemoryError("simulated");
    }

    private static TaskDeclaration task(String name, int attempts, OnCrash onCrash) {
        return new TaskDeclaration(
                name, ConsumerTest.class.getName(), name, "()V", true, "", 0, attempts, onCrash.name());
    }

    private static final TaskCatalog CATALOG = new TaskCatalog(
            List.of(
                    task("quick", 1, OnCrash.RETRY),
                    task("strict", 1, OnCrash.DEAD),
                    task("gated", 1, OnCrash.RETRY),
                    task("lone", 1, OnCrash.RETRY),
                    task("fails", 3, OnCrash.RETRY),
                    task("outOfMemory", 1, OnCrash.RETRY)),
            OnCrash.RETRY,
            1 << 20,
            ConsumerTest.class.getClassLoader());

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

    private Consumer make(int concurrency) {
        return new Consumer(
                broker,
                QueueShares.only("q"),
                "me",
                concurrency,
                new TaskRunner(CATALOG, Instances.constructor(), 300_000),
                broker,
                rests::incrementAndGet);
    }

    private void start(int concurrency) {
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

    private void stop() throws InterruptedException {
        if (consumer != null) {
            consumer.stop();
        }
        if (loop != null) {
            loop.join();
        }
    }

    private List<String> enqueue(String task, int count) {
        return broker.enqueue(Collections.nCopies(count, NewTask.of("q", "{\"task\":\"" + task + "\"}")));
    }

    private QueueCounts counts() {
        return broker.counts().getOrDefault("q", new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    private void untilDone(long count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> counts().done() == count);
    }

    @Nested
    class Loop {
        @Test
        void runsEveryTaskOnce() throws Exception {
            enqueue("quick", 500);
            start(1);
            untilDone(500);
            enqueue("quick", 500);
            untilDone(1000);

            assertThat(RAN).hasValue(1000);
        }

        @Test
        void claimsAndStoresShortTasksInBatches() {
            enqueue("quick", 1000);
            start(1);
            untilDone(1000);

            assertThat(broker.events.stream().filter(e -> e.startsWith("claimed")))
                    .hasSizeLessThan(100);
            assertThat(broker.events.stream().filter(e -> e.startsWith("settled")))
                    .hasSizeLessThan(200);
            assertThat(broker.events).contains("claimed 256", "settled 256");
        }

        @Test
        void showsByAMarkThatOutcomesAreNotStored() {
            enqueue("quick", 1000);
            start(4);
            untilDone(1000);

            assertThat(broker.events)
                    .as("more at once than there are marks")
                    .anyMatch(e -> e.startsWith("settled ")
                            && Integer.parseInt(e.substring("settled ".length())) > ObservedBroker.MARKS)
                    .doesNotContain("no mark stands");
            await().atMost(Duration.ofSeconds(20)).until(broker::noMarkStands);
        }

        @Test
        void storesWhatIsFinishedBeforeATaskStartsThatIsNotKnownToBeShort() throws Exception {
            enqueue("quick", 200);
            start(1);
            untilDone(200);
            broker.events.clear();
            // Behind its claim lie outcomes that could have waited.
            broker.enqueue(List.of(
                    NewTask.of("q", "{\"task\":\"quick\"}"),
                    NewTask.of("q", "{\"task\":\"quick\"}"),
                    NewTask.of("q", "{\"task\":\"gated\"}")));
            assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

            assertThat(counts().done()).isEqualTo(202);
            int start = broker.events.indexOf("started gated");
            assertThat(broker.events.subList(0, start)).last().asString().startsWith("settled");
        }

        @Test
        void storesTheOutcomeOfAnAtMostOnceTaskBeforeItsMarkFalls() {
            enqueue("strict", 5);
            start(1);
            untilDone(5);

            assertThat(broker.events.stream()
                            .filter(e -> !e.startsWith("claimed"))
                            .limit(6))
                    .containsExactly("started strict", "limit 0", "settled 1", "finished", "started strict", "limit 0");
        }

        @Test
        void runsSoManyAtOnce() throws Exception {
            enqueue("gated", 10);
            start(4);
            assertThat(ARRIVED.tryAcquire(4, 20, TimeUnit.SECONDS)).isTrue();
            GATE.release(10);
            untilDone(10);

            assertThat(MOST_AT_ONCE).hasValue(4);
        }

        @Test
        void storesTheOutcomeOfAnAtMostOnceTaskBeforeAnythingElseHappens() {
            enqueue("quick", 300);
            start(1);
            untilDone(300);
            broker.events.clear();
            broker.enqueue(List.of(
                    NewTask.of("q", "{\"task\":\"strict\"}"),
                    NewTask.of("q", "{\"task\":\"quick\"}"),
                    NewTask.of("q", "{\"task\":\"quick\"}"),
                    NewTask.of("q", "{\"task\":\"quick\"}")));
            untilDone(304);

            int start = broker.events.indexOf("started strict");
            assertThat(broker.events.subList(start, start + 5))
                    .containsExactly("started strict", "limit 0", "settled 1", "finished", "started quick");
        }

        @Test
        void runsALoneTaskAlone() throws Exception {
            enqueue("gated", 2);
            List<String> ids = enqueue("lone", 2);
            broker.claim("q", "dead", 4);
            broker.reclaim(
                    new DeadWorker("dead", "q", Verdict.CRASH, "", ids, true, "SIGNAL 9", ""),
                    _ -> new Terms(OnCrash.RETRY, null, Duration.ZERO));
            start(4);
            assertThat(ARRIVED.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(20)).until(() -> broker.events.contains("gave back 1"));

            assertThat(broker.events).doesNotContain("started lone");
            GATE.release(2);
            untilDone(4);
            assertThat(BESIDE_THE_LONE_ONE).hasValue(0);
            assertThat(broker.events.stream().filter(e -> e.equals("started lone")))
                    .hasSize(2);
        }

        @Test
        void givesBackWhatWaitsBehindASlowTask() throws Exception {
            enqueue("quick", 300);
            start(1);
            untilDone(300);
            broker.enqueue(List.of(NewTask.of("q", "{\"task\":\"gated\"}"), NewTask.of("q", "{\"task\":\"quick\"}")));
            assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

            await().atMost(Duration.ofSeconds(20)).until(() -> counts().ready() == 1 && counts().running() == 1);
            List<Claim> claims = broker.claim("q", "neighbour", 10);
            assertThat(claims).hasSize(1);
            broker.giveBack(claims);
        }

        @Test
        void givesBackAndStoresWhenItStops() throws Exception {
            enqueue("quick", 300);
            start(1);
            untilDone(300);
            enqueue("gated", 1);
            assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            consumer.stop();
            enqueue("quick", 5);
            assertThat(loop.join(Duration.ofMillis(100))).isFalse();
            GATE.release();
            loop.join();

            assertThat(counts().done()).isEqualTo(301);
            assertThat(counts().ready()).isEqualTo(5);
        }

        @Test
        void buriesWhatCannotRunAndGoesOn() {
            String large = "{\"task\":\"quick\",\"param\":[\"" + "x".repeat(2 << 20) + "\"]}";
            broker.enqueue(List.of(
                    NewTask.of("q", "no json"),
                    NewTask.of("q", "{\"task\":\"nobody\"}"),
                    NewTask.of("q", large),
                    NewTask.of("q", "{\"task\":\"quick\",\"param\":[1]}"),
                    NewTask.of("q", "{\"task\":\"quick\"}")));
            start(1);
            untilDone(1);

            await().atMost(Duration.ofSeconds(20)).until(() -> counts().dead() == 4);
            assertThat(broker.dead(10))
                    .extracting(TaskView::reason)
                    .containsExactlyInAnyOrder("MALFORMED", "UNKNOWN_TASK", "TOO_LARGE", "BAD_PARAMETERS");
            assertThat(broker.dead(10))
                    .filteredOn(view -> view.reason().equals("TOO_LARGE"))
                    .allMatch(view ->
                            !view.detail().contains("quick") && view.payload().startsWith("{\"task\""));
        }

        @Test
        void triesAgainAsOftenAsTheTaskSays() {
            String id = enqueue("fails", 1).getFirst();
            start(1);
            await().atMost(Duration.ofSeconds(30)).until(() -> counts().dead() == 1);

            TaskView view = broker.find(id).orElseThrow();
            assertThat(view.reason()).isEqualTo("RETRIES_SPENT");
            assertThat(view.attempts()).isEqualTo(3);
            assertThat(RAN).hasValue(3);
            assertThat(counts().retried()).isEqualTo(2);
        }

        @Test
        void holdsOutcomesWhileTheBrokerIsDown() throws Exception {
            enqueue("gated", 1);
            start(1);
            assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            enqueue("quick", 3);
            broker.down = true;
            broker.events.clear();
            GATE.release();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Collections.frequency(broker.events, "refused settle") >= 3);

            assertThat(broker.events).doesNotContain("refused claim", "started quick");
            broker.down = false;
            untilDone(4);
            assertThat(RAN).hasValue(4);
        }

        @Test
        void diesOfATaskThatRunsOutOfMemory() throws Exception {
            String id = enqueue("outOfMemory", 1).getFirst();
            start(2);
            loop.join();

            assertThat(thrown.get()).isInstanceOf(OutOfMemoryError.class);
            assertThat(broker.find(id).orElseThrow().state()).isEqualTo("RUNNING");
            broker.reclaim(new DeadWorker("me", "q", Verdict.ORDERED, "", List.of(id), true, "OOM", ""), CATALOG);
            broker.finished(0, true);
            broker.settled(0);
        }
    }

    @Nested
    class Hook {
        @Test
        void takesOneAfterTheOther() throws Exception {
            List<String> ids = enqueue("quick", 3);
            try (Consumer hook = make(1)) {
                PoolTask first = hook.take(Duration.ofSeconds(10)).orElseThrow();
                assertThat(first.id()).isEqualTo(ids.get(0));
                assertThat(first.payload()).isEqualTo("{\"task\":\"quick\"}");
                assertThat(first.attempt()).isEqualTo(1);
                assertThatThrownBy(() -> hook.take(Duration.ZERO))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(first.id());
                first.done();
                assertThatThrownBy(first::done).isInstanceOf(IllegalStateException.class);

                PoolTask second = hook.take(Duration.ofSeconds(10)).orElseThrow();
                second.dead("no such customer");
                assertThat(broker.find(second.id()).orElseThrow().reason()).isEqualTo("BURIED");
                assertThat(broker.find(second.id()).orElseThrow().detail()).isEqualTo("no such customer");

                PoolTask third = hook.take(Duration.ofSeconds(10)).orElseThrow();
                third.retry();
                assertThat(broker.find(third.id()).orElseThrow().reason()).isEqualTo("RETRIES_SPENT");
                assertThat(hook.take(Duration.ofMillis(50))).isEmpty();
            }
            assertThat(RAN).hasValue(0);
        }

        @Test
        void retriesAsOftenAsTheMessageSays() throws Exception {
            String id = broker.enqueue(List.of(NewTask.of("q", "{\"class\":\"x.Y\",\"method\":\"z\",\"retry\":\"2\"}")))
                    .getFirst();
            try (Consumer hook = make(1)) {
                hook.take(Duration.ofSeconds(10)).orElseThrow().retry(Duration.ofMillis(10));
                PoolTask again = hook.take(Duration.ofSeconds(10)).orElseThrow();
                assertThat(again.id()).isEqualTo(id);
                assertThat(again.attempt()).isEqualTo(2);
                assertThat(again.payload()).isEqualTo("{\"class\":\"x.Y\",\"method\":\"z\",\"retry\":\"1\"}");
                again.retry(Duration.ZERO);
            }
            assertThat(broker.find(id).orElseThrow().reason()).isEqualTo("RETRIES_SPENT");
        }

        @Test
        void neverSeesWhatIsNoMessage() throws Exception {
            broker.enqueue(List.of(NewTask.of("q", "no json")));
            enqueue("quick", 1);
            try (Consumer hook = make(1)) {
                PoolTask task = hook.take(Duration.ofSeconds(10)).orElseThrow();
                assertThat(task.payload()).isEqualTo("{\"task\":\"quick\"}");
                task.done();
            }
            assertThat(counts().dead()).isEqualTo(1);
        }

        @Test
        void returnsEarlyWhenItIsToStop() throws Exception {
            Consumer hook = make(1);
            CountDownLatch returned = new CountDownLatch(1);
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    if (hook.take(Duration.ofSeconds(50)).isEmpty()) {
                        returned.countDown();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            hook.stop();

            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            waiting.join();
        }

        @Test
        void keepsTheOutcomeUntilTheBrokerIsBack() throws Exception {
            enqueue("quick", 2);
            try (Consumer hook = make(1)) {
                PoolTask task = hook.take(Duration.ofSeconds(10)).orElseThrow();
                broker.down = true;
                task.done();
                assertThat(broker.events).as("nobody is killed for waiting").contains("limit 0");
                assertThat(hook.take(Duration.ofMillis(200))).isEmpty();
                assertThat(counts().running()).isEqualTo(1);
                broker.down = false;
                PoolTask next = hook.take(Duration.ofSeconds(20)).orElseThrow();
                assertThat(counts().done()).isEqualTo(1);
                next.done();
            }
            assertThat(counts().done()).isEqualTo(2);
        }
    }
}
