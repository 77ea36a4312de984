package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.PoolTask;
import dev.muster.task.Consumer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A consumer that starts nothing more, because a task was interrupted in its process or because the process is
/// condemned, or its lease has run out; and tasks that put themselves off.
class RetiringConsumerTest extends ConsumerFixture {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Consumer mine;

    @BeforeEach
    void make() {
        mine = make(2);
        consumer = mine;
    }

    private Thread run() {
        Thread started = Thread.ofPlatform().start(mine::run);
        loop = started;
        return started;
    }

    @Test
    void endsByItselfWhenWhatRunsHasEnded() throws InterruptedException {
        List<String> _ = enqueue("quick", 300);
        Thread thread = run();
        await().atMost(LONG).until(() -> counts().done() == 300);
        List<String> _ = enqueue("gated", 2);
        assertThat(ARRIVED.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
        List<String> _ = enqueue("quick", 20);

        mine.startNothing();
        mine.retire();
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
        mine.startNothing();
        mine.retire();
        assertThat(thread.join(Duration.ofSeconds(4)))
                .as("before its longest wait is over")
                .isTrue();
    }

    @Test
    void theOutcomesOfARetiredOneWaitForABrokerThatIsDown() throws InterruptedException {
        List<String> _ = enqueue("gated", 1);
        Thread thread = run();
        assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        mine.retire();
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
        mine.resume();
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
        PoolTask first = mine.take(LONG).orElseThrow();
        first.snooze(Duration.ZERO);
        PoolTask second = mine.take(LONG).orElseThrow();

        assertThat(second.id()).isEqualTo(id);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.token()).isGreaterThan(first.token());
        second.done();
        assertThat(counts().done()).isEqualTo(1);
    }
}
