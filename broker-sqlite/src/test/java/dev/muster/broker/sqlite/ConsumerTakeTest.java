package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.PoolTask;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Consumer;
import dev.muster.task.TaskDesk.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A process that takes its tasks one by one.
class ConsumerTakeTest extends ConsumerFixture {
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
    void isToldThatItsTaskWasCancelledAndHasFiveSecondsToEndIt() throws Exception {
        String id = enqueue("quick", 1).getFirst();
        try (Consumer hook = make(1)) {
            PoolTask task = hook.take(Duration.ofSeconds(10)).orElseThrow();
            assertThat(task.cancelled()).isFalse();
            assertThat(broker.cancel(id)).isEqualTo(Cancellation.ASKED);

            await().atMost(Duration.ofSeconds(30)).until(task::cancelled);

            assertThat(broker.events).endsWith("limit 5000");
            task.retry();
            assertThat(broker.events).contains("limit 0");
            assertThat(broker.find(id).orElseThrow().reason()).isEqualTo("CANCELLED");
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
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
