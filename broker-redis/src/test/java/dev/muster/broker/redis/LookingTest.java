package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskDesk.Cancellation;
import dev.muster.task.TaskStatus;
import dev.muster.task.Tasks;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which task an id means, and what it costs to look.
class LookingTest extends SharedServer {
    private static final List<String> QUEUES = List.of("a", "b");

    /// Whoever asks again and again how far a task is must not walk through a list of thousands each time.
    @Test
    void theStatusOfATaskThatIsReadyIsToldWithoutALookAtTheList() {
        String id = broker.enqueue(List.of(NewTask.of("a", "{\"task\":\"t\"}"))).getFirst();
        List<String> _ = broker.enqueue(Collections.nCopies(1000, NewTask.of("a", "{}")));
        assertThat(broker.find(id).orElseThrow().payload()).isEqualTo("{\"task\":\"t\"}");
        long before = calls("lrange");

        try (Tasks tasks = Tasks.connect(server.url())) {
            assertThat(tasks.find(id)).contains(new TaskStatus(id, "READY", 0, "", "", ""));
        }

        assertThat(before).isPositive();
        assertThat(calls("lrange")).isEqualTo(before);
    }

    private long calls(String command) {
        return php.info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^=]*=(\\d+).*", "$1")))
                .sum();
    }

    /// An id belongs to a task of its queue. The first queue that has it may have it no more for what is asked.
    @Test
    void anIdThatIsDeadInOneQueueIsFoundInAnother() {
        for (String queue : QUEUES) {
            String other = queue.equals("a") ? "b" : "a";
            String id = "in-" + queue;
            enqueue(id, other);
            Claim claim = broker.claim(other, "w", 1).getFirst();
            broker.settle(List.of(new Outcome.Dead(claim, DeadReason.FAILED, "no")));
            enqueue(id, queue);

            assertThat(broker.find(id).orElseThrow().queue()).isEqualTo(queue);
            assertThat(broker.cancel(id)).as("in %s", queue).isEqualTo(Cancellation.CANCELLED);
            assertThat(broker.counts().get(queue).ready()).isZero();
            assertThat(broker.retry(id)).isTrue();
            assertThat(broker.retry(id)).as("the other one").isTrue();
            assertThat(broker.retry(id)).isFalse();
            QUEUES.forEach(name -> broker.settle(broker.claim(name, "w", 10).stream()
                    .<Outcome>map(Outcome.Done::new)
                    .toList()));
        }
    }

    @Test
    void anIdThatIsClaimedInOneQueueIsDeletedInAnother() {
        for (String queue : QUEUES) {
            String other = queue.equals("a") ? "b" : "a";
            String id = "in-" + queue;
            enqueue(id, other);
            assertThat(broker.claim(other, "w", 1)).hasSize(1);
            enqueue(id, queue);

            assertThat(broker.delete(id)).as("in %s", queue).isTrue();
            assertThat(broker.delete(id)).isFalse();
            assertThat(broker.cancel(id)).isEqualTo(Cancellation.ASKED);
        }
    }

    private void enqueue(String id, String queue) {
        List<String> _ = broker.enqueue(List.of(new NewTask(id, queue, "{\"task\":\"t\"}", Duration.ZERO, "")));
    }
}
