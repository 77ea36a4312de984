package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.BrokerException;
import dev.muster.task.TaskDesk.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The list is shared with producers and consumers who know nothing of Muster: what they do with bare `LPUSH` and
/// `BRPOP`.
class SharedListTest extends SharedServer {
    private static final String QUEUE = "async_task_queue";
    private static final String FEND = "{\"class\":\"Mail\",\"method\":\"send\",\"param\":[1,\"a\"],\"retry\":3}";

    @Test
    void whatPhpPushesIsATaskInItsOrder() {
        php.lpush(QUEUE, FEND, "{\"id\":\"order-7\",\"task\":\"t\"}", "no json", "{\"id\":\"not legal\"}");

        List<Claim> claims = broker.claim(QUEUE, "w", 10);

        assertThat(claims)
                .extracting(Claim::payload)
                .containsExactly(FEND, "{\"id\":\"order-7\",\"task\":\"t\"}", "no json", "{\"id\":\"not legal\"}");
        assertThat(claims.get(1).id()).isEqualTo("order-7");
        assertThat(claims).extracting(Claim::id).doesNotHaveDuplicates().doesNotContain("not legal", "");
        assertThat(broker.settle(claims.stream().<Outcome>map(Outcome.Done::new).toList()))
                .isEmpty();
        assertThat(counts()).isEqualTo(new QueueCounts(4, 0, 0, 0, 4, 0, 0, 0));
    }

    @Test
    void itIsCountedBeforeItIsClaimed() {
        php.lpush(QUEUE, FEND, FEND);
        broker.enqueue(List.of(NewTask.of(QUEUE, FEND)));

        assertThat(counts()).isEqualTo(new QueueCounts(3, 3, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void phpTakesWhatMusterPutsThereAndFindsItAsItWas() {
        List<String> ids = broker.enqueue(List.of(NewTask.of(QUEUE, FEND), NewTask.of(QUEUE, "{\"task\":\"t\"}")));

        assertThat(php.rpop(QUEUE)).isEqualTo(FEND);

        List<Claim> claims = broker.claim(QUEUE, "w", 10);
        assertThat(claims).extracting(Claim::id).containsExactly(ids.get(1));
        assertThat(broker.find(ids.get(0))).as("it is not ours any more").isEmpty();
        assertThat(counts()).isEqualTo(new QueueCounts(2, 0, 0, 1, 1, 0, 0, 0));
    }

    @Test
    void whatComesBackIsAMessageForPhpToo() {
        php.lpush(QUEUE, FEND);
        Claim claim = broker.claim(QUEUE, "w", 1).getFirst();
        String again = FEND.replace("\"retry\":3", "\"retry\":2");
        broker.settle(List.of(new Outcome.Retry(claim, again, Duration.ZERO, "upstream is down")));

        assertThat(php.rpop(QUEUE)).isEqualTo(again);
    }

    @Test
    void tasksWithTheSameTextAreSeveralTasks() {
        List<String> ids =
                broker.enqueue(List.of(NewTask.of(QUEUE, FEND), NewTask.of(QUEUE, FEND), NewTask.of(QUEUE, FEND)));

        List<Claim> first = broker.claim(QUEUE, "w", 2);
        broker.giveBack(first);
        List<Claim> all = broker.claim(QUEUE, "w", 10);

        assertThat(first).extracting(Claim::id).containsExactly(ids.get(0), ids.get(1));
        assertThat(all).extracting(Claim::id).containsExactlyElementsOf(ids);
    }

    @Test
    void oneThatIsReadyIsShownAndDeletedWithItsMessage() {
        List<String> ids = broker.enqueue(List.of(NewTask.of(QUEUE, "{\"task\":\"a\"}"), NewTask.of(QUEUE, FEND)));

        assertThat(broker.find(ids.get(1)).orElseThrow().payload()).isEqualTo(FEND);
        assertThat(broker.delete(ids.get(1))).isTrue();
        assertThat(php.lrange(QUEUE, 0, -1)).containsExactly("{\"task\":\"a\"}");
    }

    /// Who shares the list sees the tasks without a priority and no others; and a priority in a message that he
    /// pushes is not looked at.
    @Test
    void prioritiesAreNotForPhp() {
        String high = broker.enqueue(List.of(new NewTask("", QUEUE, FEND, Duration.ZERO, "", 9, "")))
                .getFirst();
        php.lpush(QUEUE, "{\"task\":\"a\"}", "{\"task\":\"b\",\"priority\":9}");

        assertThat(php.llen(QUEUE)).isEqualTo(2);
        List<Claim> claims = broker.claim(QUEUE, "w", 10);
        assertThat(claims)
                .extracting(Claim::payload)
                .containsExactly(FEND, "{\"task\":\"a\"}", "{\"task\":\"b\",\"priority\":9}");
        assertThat(claims.getFirst().id()).isEqualTo(high);
        broker.giveBack(claims);
        assertThat(php.llen(QUEUE)).isEqualTo(2);
    }

    @Test
    void whatPhpPushesForLaterWaitsForItsTime() {
        Instant later = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);
        Instant earlier = later.minusSeconds(7200);
        OffsetDateTime east = later.atOffset(ZoneOffset.ofHoursMinutes(5, 30));
        List<String> instants = List.of(
                Long.toString(later.toEpochMilli()),
                "\"" + later.toEpochMilli() + "\"",
                Long.toString(later.getEpochSecond()),
                "\"" + later + "\"",
                "\"" + east + "\"");
        for (String at : instants) {
            php.lpush(QUEUE, "{\"task\":\"later\",\"at\":" + at + "}");
        }
        php.lpush(QUEUE, "{\"task\":\"now\",\"at\":\"" + earlier + "\"}", "{\"task\":\"now\",\"at\":\"soon\"}");

        assertThat(broker.claim(QUEUE, "w", 10))
                .extracting(Claim::payload)
                .allMatch(payload -> payload.contains("now"))
                .hasSize(2);
        assertThat(broker.counts().get(QUEUE).scheduled()).isEqualTo(5);
        assertThat(broker.counts().get(QUEUE).accepted()).isEqualTo(7);
        assertThat(php.zrangeWithScores("muster:{" + QUEUE + "}:scheduled", 0, -1))
                .allSatisfy(due ->
                        assertThat((long) due.getScore()).isIn(later.toEpochMilli(), later.getEpochSecond() * 1000));
    }

    /// Python writes NaN, and counts in microseconds.
    @Test
    void whatIsNoInstantIsPassedOver() {
        List<String> instants = List.of(
                "NaN",
                "Infinity",
                "-Infinity",
                "1e999",
                "\"nan\"",
                "\"inf\"",
                "-5",
                "1e15",
                "1700000000000000",
                "\"1700000000000000\"",
                "null",
                "[1]");
        for (String at : instants) {
            php.lpush(QUEUE, "{\"task\":\"t\",\"at\":" + at + "}");
        }

        assertThat(broker.claim(QUEUE, "w", 100))
                .extracting(Claim::payload)
                .containsExactlyElementsOf(instants.stream()
                        .map(at -> "{\"task\":\"t\",\"at\":" + at + "}")
                        .toList());
        assertThat(counts()).isEqualTo(new QueueCounts(12, 0, 0, 12, 0, 0, 0, 0));
    }

    @Test
    void aNumberIsAnIdToo() {
        php.lpush(
                QUEUE,
                "{\"id\":4711,\"task\":\"t\"}",
                "{\"id\":9007199254740991,\"task\":\"t\"}",
                "{\"id\":9007199254740992,\"task\":\"t\"}",
                "{\"id\":1.5,\"task\":\"t\"}",
                "{\"id\":NaN,\"task\":\"t\"}");

        List<String> ids = broker.claim(QUEUE, "w", 10).stream().map(Claim::id).toList();

        assertThat(ids.subList(0, 2)).containsExactly("4711", "9007199254740991");
        assertThat(ids.subList(2, 5)).doesNotContain("9007199254740992", "1.5", "nan");
    }

    @Test
    void aKeyThatIsNoListIsNoQueue() {
        String _ = php.set("taken", "x");

        assertThatThrownBy(() -> broker.enqueue(List.of(NewTask.of("taken", FEND))))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("the key 'taken'")
                .hasMessageContaining("holds a string")
                .hasMessageContaining("choose another name");
        assertThatThrownBy(() -> broker.enqueue(List.of(NewTask.of("muster:queues", FEND))))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("does not begin with muster:");
        assertThat(broker.counts()).doesNotContainKeys("taken", "muster:queues");
        broker.enqueue(List.of(NewTask.of(QUEUE, FEND), NewTask.of("later", FEND)));
        long _ = php.del("later");
        String _ = php.set("later", "x");
        assertThat(broker.counts().get(QUEUE).ready()).isEqualTo(1);
        assertThatThrownBy(() -> broker.claim("later", "w", 1)).hasMessageContaining("remove what is there");
    }

    /// Even if no worker of Muster ever claims.
    @Test
    void aUniqueKeyIsFreeWhenPhpHasTakenItsTask() {
        NewTask task = new NewTask("", QUEUE, FEND, Duration.ZERO, "", 0, "user-7");
        String first = broker.enqueue(List.of(task)).getFirst();
        assertThat(broker.enqueue(List.of(task))).containsExactly(first);

        assertThat(php.rpop(QUEUE)).isEqualTo(FEND);

        assertThat(broker.enqueue(List.of(task))).doesNotContain(first);
        assertThat(counts()).isEqualTo(new QueueCounts(2, 1, 0, 0, 1, 0, 0, 0));
    }

    @Test
    void whatIsCancelledLeavesTheListAndWhatPhpHasTakenCannotBe() {
        List<String> ids = broker.enqueue(List.of(NewTask.of(QUEUE, "{\"task\":\"a\"}"), NewTask.of(QUEUE, FEND)));

        assertThat(broker.cancel(ids.get(1))).isEqualTo(Cancellation.CANCELLED);
        assertThat(php.lrange(QUEUE, 0, -1)).containsExactly("{\"task\":\"a\"}");
        assertThat(broker.find(ids.get(1)).orElseThrow().payload()).isEqualTo(FEND);
        php.rpop(QUEUE);
        assertThat(broker.cancel(ids.get(0))).isEqualTo(Cancellation.NOT_FOUND);
    }

    /// A worker that was frozen may hold a claim of a task that was done by another one, and accepted anew.
    @Test
    void aTaskWhoseIdIsUsedAgainHasAnotherToken() {
        NewTask task = NewTask.of(QUEUE, "{\"id\":\"order-7\",\"task\":\"t\"}");
        broker.enqueue(List.of(task));
        Claim first = broker.claim(QUEUE, "w", 1).getFirst();
        broker.settle(List.of(new Outcome.Done(first)));
        broker.enqueue(List.of(task));
        Claim second = broker.claim(QUEUE, "v", 1).getFirst();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(broker.settle(List.of(new Outcome.Done(first)))).hasSize(1);
        assertThat(broker.settle(List.of(new Outcome.Done(second)))).isEmpty();
    }

    /// The memory of a result that is over must not take its successor with it.
    @Test
    void aTaskWhoseIdBelongedToAResultStaysWhenThatIsRemoved() {
        NewTask task = new NewTask("order-7", QUEUE, FEND, Duration.ZERO, "");
        broker.enqueue(List.of(task));
        Claim claim = broker.claim(QUEUE, "w", 1).getFirst();
        broker.settle(List.of(new Outcome.Done(claim, "1", Duration.ofMillis(1))));
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            broker.enqueue(List.of(task));
            return counts().ready() == 1;
        });

        assertThat(broker.claim(QUEUE, "w", 1)).extracting(Claim::id).containsExactly("order-7");
    }

    @Test
    void aPushFromOutsideWakesWhoWaits() throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                Future<Boolean> waiting = threads.submit(() -> {
                    List<Claim> claims = new ArrayList<>();
                    while (claims.isEmpty()) {
                        broker.await(QUEUE, Duration.ofSeconds(30));
                        claims.addAll(broker.claim(QUEUE, "w", 1));
                    }
                    return true;
                });
                php.lpush(QUEUE, FEND);
                assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
        }
    }

    @Test
    void aServerThatHasForgottenTheScriptsLearnsThem() {
        broker.enqueue(List.of(NewTask.of(QUEUE, FEND)));
        php.scriptFlush(QUEUE);

        assertThat(broker.claim(QUEUE, "w", 1)).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsNamedAndNothingElse() {
        assertThatThrownBy(() -> RedisBroker.open("redis://me:secret@127.0.0.1:1/0", 1 << 20))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("cannot use the Redis server 127.0.0.1:1")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> RedisBroker.open("http://me:secret@somewhere", 1 << 20))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("tasks.redis.url is no address of a Redis server")
                .hasMessageNotContaining("secret");
    }

    private QueueCounts counts() {
        return broker.counts().get(QUEUE);
    }
}
