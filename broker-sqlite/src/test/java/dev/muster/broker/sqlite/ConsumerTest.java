package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.OnCrash;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The loop that runs the tasks itself.
class ConsumerTest extends ConsumerFixture {
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

        assertThat(broker.events.stream().filter(e -> e.startsWith("claimed"))).hasSizeLessThan(100);
        assertThat(broker.events.stream().filter(e -> e.startsWith("settled"))).hasSizeLessThan(200);
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

        assertThat(broker.events.stream().filter(e -> !e.startsWith("claimed")).limit(6))
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
        assertThat(broker.events.stream().filter(e -> e.equals("started lone"))).hasSize(2);
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
        await().atMost(Duration.ofSeconds(20)).until(() -> Collections.frequency(broker.events, "refused settle") >= 3);

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

    @Test
    void whatDiesWhileItsParametersAreBoundHasStarted() throws Exception {
        String id = broker.enqueue(List.of(NewTask.of("q", "{\"task\":\"greedy\",\"param\":[1]}")))
                .getFirst();
        start(1);
        loop.join();

        assertThat(thrown.get()).isInstanceOf(OutOfMemoryError.class);
        assertThat(broker.events).containsSubsequence("claimed 1", "started greedy");
        broker.reclaim(new DeadWorker("me", "q", Verdict.ORDERED, "", List.of(id), true, "OOM", ""), CATALOG);
        broker.finished(0, true);
        broker.settled(0);
    }
}
