package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class ClusterLeaseTest {
    private final MemoryBroker store = new MemoryBroker();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final Map<String, String> said = new ConcurrentHashMap<>();
    private final ClusterLease mine = of("here");
    private final ClusterLease theirs = of("there");

    private ClusterLease of(String node) {
        return new ClusterLease(
                () -> store,
                () -> "Ticker",
                new Node("Shop", node, 7, node),
                text -> said.put(node, String.valueOf(text)),
                over::get,
                _ -> ends.add(node + " leaves"),
                () -> ends.add(node + " is cut off"));
    }

    @AfterEach
    void close() {
        store.coordination.down = false;
        mine.close();
        theirs.close();
    }

    @Test
    void goesToOneAndToTheOtherWhenItIsClosed() throws Exception {
        assertThat(mine.await()).isTrue();
        assertThat(mine.begin()).isTrue();
        long first = mine.token();
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Boolean> other = threads.submit(theirs::await);
            mine.end();
            await().atMost(Duration.ofSeconds(30)).until(() -> said.containsKey("there"));
            assertThat(said.get("there")).isEqualTo("stands by: it works on the node here");
            assertThat(other.isDone()).isFalse();
            mine.close();
            assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(theirs.token()).isGreaterThan(first);
        await().atMost(Duration.ofSeconds(30)).until(() -> "null".equals(said.get("there")));
        assertThat(mine.begin()).isFalse();
        assertThat(ends).isEmpty();
    }

    @Test
    void aWaitEndsWhenTheProcessIsStoppedOrPaused() throws Exception {
        assertThat(store.coordination.lease("process/Shop/Ticker#1", "somebody", "", Duration.ofHours(1)))
                .isPresent();
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Boolean> waiting = threads.submit(mine::await);
            over.set(true);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                mine.wake();
                return waiting.isDone();
            });
            assertThat(waiting.get()).isFalse();
        }
    }

    /// The whole term passes; a run that does not leave is cut off before it ends.
    @Test
    void aRunUnderALeaseThatCannotBeRenewedIsToldToLeaveAndCutOff() throws Exception {
        assertThat(mine.await()).isTrue();
        assertThat(mine.begin()).isTrue();
        store.coordination.down = true;
        long start = System.nanoTime();

        await().atMost(Duration.ofSeconds(60)).until(() -> ends.size() == 2);

        assertThat(ends).containsExactly("here leaves", "here is cut off");
        assertThat(System.nanoTime() - start).isLessThan(ClusterLease.TERM.toNanos());
        assertThat(mine.begin()).isFalse();
    }

    /// As one that ends because of its lease, or by a word of another thread: its run goes on meanwhile.
    @Test
    void aProcessThatEndsInTheMiddleOfARunKeepsTheLeaseAndIsCutOffBeforeItsEnd() throws Exception {
        assertThat(mine.await()).isTrue();
        assertThat(mine.begin()).isTrue();
        long start = System.nanoTime();

        mine.close();

        assertThat(store.coordination.lease("process/Shop/Ticker#1", "somebody", "", Duration.ofHours(1)))
                .isEmpty();
        await().atMost(Duration.ofSeconds(60)).until(() -> !ends.isEmpty());
        assertThat(ends).containsExactly("here is cut off");
        assertThat(System.nanoTime() - start).isLessThan(ClusterLease.TERM.toNanos());
    }

    @Test
    void aRunWhoseTermRanOutUnseenIsCutOff() throws Exception {
        assertThat(mine.await()).isTrue();
        assertThat(mine.begin()).isTrue();
        long token = mine.token();

        // Its next renewal finds that it has to be taken anew.
        store.coordination.release(store.coordination.leases("process/").getFirst());

        await().atMost(Duration.ofSeconds(30)).until(() -> !ends.isEmpty());
        assertThat(ends).containsExactly("here is cut off");
        assertThat(mine.token()).isEqualTo(token);
    }

    @Test
    void anIdleProcessWhoseLeaseRanOutJustStandsBy() throws Exception {
        assertThat(mine.await()).isTrue();
        store.coordination.release(store.coordination.leases("process/").getFirst());
        assertThat(store.coordination.lease("process/Shop/Ticker#1", "somebody", "", Duration.ofHours(1)))
                .isPresent();

        await().atMost(Duration.ofSeconds(30)).until(() -> !mine.stands());
        assertThat(ends).isEmpty();
    }
}
