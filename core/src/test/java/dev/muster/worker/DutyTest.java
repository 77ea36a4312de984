package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.control.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DutyTest {
    private final List<Message> said = new CopyOnWriteArrayList<>();
    private final Duty duty = Duties.waiting(7, "Ticker~1", said::add);

    @Test
    void itWaitsForTheWorkOfASlotAndSaysThatItHasTakenItUp() throws Exception {
        CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(duty::await);
        assertThat(works).isNotDone();
        duty.activate(2, "Ticker#3");
        assertThat(works.get()).isTrue();
        assertThat(duty.slot()).isEqualTo(2);
        assertThat(duty.name()).isEqualTo("Ticker#3");
        assertThat(said).containsExactly(new Message.TookUp());
    }

    @Test
    void aStopEndsTheWaiting() throws Exception {
        CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(duty::await);
        duty.cancel();
        assertThat(works.get()).isFalse();
    }

    @Test
    void itSaysOnceThatItRestsAndOnlyWhenItWasToldTo() {
        duty.activate(7, "Ticker");
        duty.rests();
        assertThat(said).containsExactly(new Message.TookUp());
        duty.pause();
        duty.rests();
        duty.rests();
        assertThat(said).containsExactly(new Message.TookUp(), new Message.Quieted());
        CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(duty::await);
        duty.activate(7, "Ticker");
        await().atMost(Duration.ofSeconds(10)).until(works::isDone);
        assertThat(said).last().isEqualTo(new Message.TookUp());
    }

    @Test
    void whoBeginsToWaitWhileItIsPausedSaysThatItRests() throws Exception {
        duty.activate(7, "Ticker");
        duty.pause();
        CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(duty::await);
        await().atMost(Duration.ofSeconds(10)).until(() -> said.contains(new Message.Quieted()));
        assertThat(works).isNotDone();
        duty.activate(7, "Ticker");
        assertThat(works.get()).isTrue();
        assertThat(said).containsExactly(new Message.TookUp(), new Message.Quieted(), new Message.TookUp());
    }

    @Test
    void oneThatWasNeverToldToWorkDoesNotSayThatItRests() throws Exception {
        CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(duty::await);
        duty.rests();
        duty.activate(7, "Ticker");
        assertThat(works.get()).isTrue();
        assertThat(said).containsExactly(new Message.TookUp());
    }

    @Test
    void aWaitForAPauseEndsWithItOrWithTheTimeOrTheProcess() throws Exception {
        duty.activate(7, "Ticker");
        assertThat(duty.awaitPause(1_000_000)).isNotPositive();
        CompletableFuture<Long> left = CompletableFuture.supplyAsync(() -> waitForPause(HOUR));
        duty.pause();
        assertThat(left.get()).isBetween(1L, HOUR);
        assertThat(duty.awaitPause(HOUR)).as("it is paused").isEqualTo(HOUR);
        duty.activate(7, "Ticker");
        CompletableFuture<Long> more = CompletableFuture.supplyAsync(() -> waitForPause(HOUR));
        duty.cancel();
        assertThat(more.get()).isBetween(1L, HOUR);
    }

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private long waitForPause(long nanos) {
        try {
            return duty.awaitPause(nanos);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void listenersHearOfEachPauseAndEachReturnToWork() {
        List<String> heard = new CopyOnWriteArrayList<>();
        duty.listen(() -> heard.add("pause"), () -> heard.add("work"));
        duty.activate(7, "Ticker");
        duty.pause();
        assertThat(duty.paused()).isTrue();
        duty.activate(7, "Ticker");
        assertThat(duty.paused()).isFalse();
        assertThat(heard).containsExactly("work", "pause", "work");
    }
}
