package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What others have taken out of a list is forgotten when it is empty, a little at a time.
class TakenByOthersTest extends SharedServer {
    private static final String QUEUE = "q";
    private static final String OWN = "muster:{" + QUEUE + "}:";
    private static final String TEXT = "{\"task\":\"refresh\"}";

    /// All of it in one script would keep everybody else waiting.
    @Test
    void noCallForgetsMoreThanSome() {
        List<String> _ = enqueue(0, 10_000);
        List<String> _ = php.rpop(QUEUE, 10_000);
        long left = records();
        int calls = 0;
        while (left > 0) {
            assertThat(broker.claim(QUEUE, "w", 1)).isEmpty();
            assertThat(counts()).isEqualTo(new QueueCounts(10_000, 0, 0, 0, 10_000, 0, 0, 0));
            assertThat(left - records()).isBetween(1L, 1000L);
            left = records();
            calls++;
        }

        assertThat(calls).isBetween(10, 20);
        assertThat(php.keys(OWN + "*")).containsExactly(OWN + "counts");
    }

    @Test
    void uniqueKeysAndIdsAreFreeBeforeTheirTurnHasCome() {
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            tasks.add(new NewTask("id-" + i, QUEUE, "{\"n\":" + i % 7 + "}", Duration.ZERO, "", 0, "key-" + i));
        }
        List<String> _ = broker.enqueue(tasks);
        List<String> _ = php.rpop(QUEUE, 3000);

        NewTask sameKey = new NewTask("", QUEUE, TEXT, Duration.ZERO, "", 0, "key-2998");
        List<String> ids = broker.enqueue(List.of(tasks.get(2999), sameKey));
        assertThat(ids).containsExactly("id-2999", ids.get(1)).doesNotContain("id-2998");
        assertThat(counts().ready()).isEqualTo(2);
        assertThat(broker.enqueue(List.of(tasks.get(2999), sameKey))).isEqualTo(ids);
        assertThat(counts().ready()).isEqualTo(2);
    }

    /// They have one entry in the index, and a number each.
    @Test
    void manyWithOneTextAreForgottenLikewise() {
        List<String> _ = enqueue(0, 1000);
        List<String> _ = broker.enqueue(Collections.nCopies(3000, NewTask.of(QUEUE, TEXT)));
        assertThat(broker.claim(QUEUE, "w", 100)).hasSize(100);
        List<String> _ = php.rpop(QUEUE, 3900);

        for (int i = 0; records() > 100; i++) {
            assertThat(broker.claim(QUEUE, "w", 1)).isEmpty();
            assertThat(i).isLessThan(20);
        }
        assertThat(php.exists(OWN + "index")).isFalse();
        assertThat(counts()).isEqualTo(new QueueCounts(4000, 0, 0, 100, 3900, 0, 0, 0));
    }

    private List<String> enqueue(int from, int count) {
        return broker.enqueue(IntStream.range(from, from + count)
                .mapToObj(i -> NewTask.of(QUEUE, text(i)))
                .toList());
    }

    private static String text(int number) {
        return "{\"task\":\"t\",\"param\":[" + number + "]}";
    }

    private long records() {
        return php.hlen(OWN + "tasks");
    }

    private QueueCounts counts() {
        return broker.counts().get(QUEUE);
    }
}
