package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Coordination;
import dev.muster.task.Coordination.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What nodes agree on even when they disagree about a queue, and when the server has forgotten.
class CoordinatingTest extends SharedServer {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private Broker other;

    @BeforeEach
    void openAnother() {
        other = RedisBroker.open(server.url(), 1 << 20);
    }

    @AfterEach
    void closeAnother() {
        other.close();
    }

    private static NewTask task(String queue) {
        return NewTask.of(queue, "{\"task\":\"t\"}");
    }

    @Test
    void aScheduleThatMovesToAnotherQueueServesNoInstantTwice() {
        Coordination old = broker.coordination();
        Coordination recent = other.coordination();

        assertThat(old.fire("daily", NOON, task("old"))).isTrue();
        assertThat(recent.fire("daily", NOON, task("recent"))).isFalse();
        assertThat(recent.fire("daily", NOON.plusSeconds(60), task("recent"))).isTrue();
        assertThat(old.fire("daily", NOON.plusSeconds(60), task("old"))).isFalse();
        assertThat(old.fire("daily", NOON.plusSeconds(30), task("old"))).isFalse();

        assertThat(ready("old")).isEqualTo(1);
        assertThat(ready("recent")).isEqualTo(1);
        assertThat(old.fired()).containsOnlyKeys("daily").containsEntry("daily", NOON.plusSeconds(60));
    }

    /// As they do while one after the other is given a new configuration.
    @Test
    void nodesThatDisagreeAboutTheQueueServeEachInstantOnce() throws Exception {
        List<AtomicInteger> served =
                IntStream.range(0, 50).mapToObj(_ -> new AtomicInteger()).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int n = 0; n < 8; n++) {
                Coordination mine = (n % 2 == 0 ? broker : other).coordination();
                String queue = n % 4 < 2 ? "old" : "recent";
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        if (mine.fire("busy", NOON.plusSeconds(i), task(queue))) {
                            int _ = served.get(i).incrementAndGet();
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                Object _ = one.get();
            }
        }

        assertThat(served).allMatch(times -> times.get() <= 1);
        assertThat(served.getLast()).hasValue(1);
        assertThat(ready("old") + ready("recent"))
                .isEqualTo(served.stream().mapToInt(AtomicInteger::get).sum());
    }

    @Test
    void aNodeThatDiesBetweenBookingAndServingLeavesTheInstantToTheNext() {
        Object _ = Script.BOOK.run(
                php, List.of(QueueKeys.BOOKINGS), List.of("daily", Long.toString(NOON.toEpochMilli()), "old"));
        assertThat(other.coordination().fired()).isEmpty();

        assertThat(other.coordination().fire("daily", NOON, task("recent"))).isTrue();

        assertThat(ready("old")).isEqualTo(1);
        assertThat(other.coordination().fire("daily", NOON, task("recent"))).isFalse();
    }

    private long ready(String queue) {
        return php.llen(queue);
    }

    @Test
    void aServerThatHasForgottenGivesHigherTokensAllTheSame() {
        Lease before = lease("reports", Duration.ofMinutes(1));
        server.empty();

        assertThat(lease("reports", Duration.ofMinutes(1)).token()).isGreaterThan(before.token());
    }

    @Test
    void leasesThatHaveRunOutAreRemovedByThoseThatAreTaken() {
        for (int i = 0; i < 150; i++) {
            lease("short " + i, Duration.ofMillis(1));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            lease("lasting", Duration.ofMinutes(1));
            // The last token is kept in the same place.
            return php.hlen("muster:named") == 2 && php.zcard("muster:{muster:named}:ends") == 1;
        });
        assertThat(other.coordination().leases("")).extracting(Lease::name).containsExactly("lasting");
    }

    private Lease lease(String name, Duration term) {
        return broker.coordination().lease(name, "node", "", term).orElseThrow();
    }
}
