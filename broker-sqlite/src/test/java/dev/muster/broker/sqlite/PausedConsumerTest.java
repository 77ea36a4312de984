package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.PoolTask;
import dev.muster.task.Consumer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A consumer that is to take up no work for a while.
class PausedConsumerTest extends ConsumerFixture {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Consumer mine;

    @BeforeEach
    void make() {
        mine = make(1);
        consumer = mine;
    }

    private Thread run() {
        Thread started = Thread.ofPlatform().start(mine::run);
        loop = started;
        return started;
    }

    @Test
    void finishesWhatRunsAndGivesBackWhatIsOnlyClaimed() throws InterruptedException {
        // Many short ones first: only then is more claimed than what runs.
        List<String> _ = enqueue("quick", 300);
        Thread _ = run();
        await().atMost(LONG).until(() -> counts().done() == 300);
        List<String> _ = enqueue("gated", 1);
        assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        List<String> _ = enqueue("quick", 20);

        mine.pause();
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
        List<String> _ = enqueue("quick", 1);
        Thread _ = run();
        await().atMost(LONG).until(() -> counts().done() == 1);
        mine.pause();
        await().atMost(LONG).until(() -> rests.get() > 0);
        broker.events.clear();
        List<String> _ = enqueue("quick", 5);
        mine.pause();
        await().atMost(LONG).until(() -> rests.get() > 1);
        assertThat(broker.events).noneMatch(event -> event.startsWith("claimed"));
        assertThat(counts().ready()).isEqualTo(5);

        mine.resume();
        await().atMost(LONG).until(() -> counts().done() == 6);
        assertThat(RAN).hasValue(6);
    }

    @Test
    void isNotAtRestBeforeWhatIsFinishedIsStored() throws InterruptedException {
        List<String> _ = enqueue("gated", 1);
        Thread _ = run();
        assertThat(ARRIVED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        broker.down = true;
        mine.pause();
        GATE.release();
        await().atMost(LONG).until(() -> broker.events.contains("refused settle"));
        assertThat(rests).hasValue(0);
        broker.down = false;
        await().atMost(LONG).until(() -> rests.get() > 0);
        assertThat(counts().done()).isEqualTo(1);
    }

    @Test
    void canBeStoppedWhileItRests() throws InterruptedException {
        Thread _ = run();
        mine.pause();
        await().atMost(LONG).until(() -> rests.get() > 0);
        List<String> _ = enqueue("quick", 1);
        mine.stop();
        assertThat(loop).isNotNull();
        loop.join();
        assertThat(counts().ready()).isEqualTo(1);
    }

    @Test
    void aHookThatTakesSeesNothingAndFindsItAfterwards() throws Exception {
        List<String> _ = enqueue("quick", 1);
        mine.pause();
        assertThat(mine.take(Duration.ofMillis(1))).isEmpty();
        assertThat(rests).hasValue(1);
        assertThat(counts().ready()).isEqualTo(1);

        CompletableFuture<Optional<PoolTask>> waiting = CompletableFuture.supplyAsync(() -> take(LONG));
        await().atMost(LONG).until(() -> rests.get() == 2);
        mine.resume();
        assertThat(waiting.get()).as("it was paused when it was asked").isEmpty();
        PoolTask task = mine.take(LONG).orElseThrow();
        task.done();
        assertThat(mine.take(Duration.ZERO)).isEmpty();
        assertThat(counts().done()).isEqualTo(1);
    }

    @Test
    void aHookThatHasATaskIsNotAtRest() throws Exception {
        List<String> _ = enqueue("quick", 1);
        PoolTask task = mine.take(LONG).orElseThrow();
        mine.pause();
        assertThatThrownBy(() -> mine.take(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(task.id());
        assertThat(rests).hasValue(0);
        broker.down = true;
        task.done();
        assertThat(mine.take(Duration.ZERO)).isEmpty();
        assertThat(rests).as("its outcome is not stored").hasValue(0);
        broker.down = false;
        assertThat(mine.take(Duration.ZERO)).isEmpty();
        assertThat(rests).hasValue(1);
        assertThat(counts().done()).isEqualTo(1);
    }

    private Optional<PoolTask> take(Duration wait) {
        try {
            return mine.take(wait);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
