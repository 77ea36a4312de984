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
    void it_waits_for_the_work_of_a_slot_and_says_that_it_has_taken_it_up() throws Exception {
        CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(duty::await);
        assertThat(works).isNotDone();
        duty.activate(2, "Ticker#3");
        assertThat(works.get()).isTrue();
        assertThat(duty.slot()).isEqualTo(2);
        assertThat(duty.name()).isEqualTo("Ticker#3");
        assertThat(said).containsExactly(new Message.TookUp());
    }

    @Test
    void a_stop_ends_the_waiting() throws Exception {
        CompletableFuture<Boolean> works = CompletableFuture.supplyAsync(duty::await);
        duty.cancel();
        assertThat(works.get()).isFalse();
    }

    @Test
    void it_says_once_that_it_rests_and_only_when_it_was_told_to() {
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
}
