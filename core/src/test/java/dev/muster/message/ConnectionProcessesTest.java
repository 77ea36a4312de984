package dev.muster.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.Connections;
import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.PipeType;
import dev.muster.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Connections of processes of their own, which are killed, halted, or leave in the middle.
@Timeout(120)
class ConnectionProcessesTest {
    private static final int THREADS = 4;
    private static final int PUSHES = 10_000;
    private static final long PATIENT = 10_000_000_000L;

    @TempDir
    private Path directory;

    private Neighbours neighbours;
    private DeskProcess one;
    private DeskProcess two;

    @BeforeEach
    void begin() throws IOException {
        neighbours = new Neighbours(directory);
        one = DeskProcess.start(directory, 101, 3);
        two = DeskProcess.start(directory, 102, 3);
    }

    @AfterEach
    void end() throws Exception {
        one.end();
        two.end();
        neighbours.close();
        // Both were killed: whoever finds their sockets removes them.
        try (Neighbours others = new Neighbours(directory)) {
            assertThat(others.open(9, PipeType.NONE).connections().connections())
                    .isEmpty();
        }
        assertThat(desks()).isEmpty();
    }

    private List<String> desks() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.contains("c"))
                    .toList();
        }
    }

    private Connections asker(long sendNanos) {
        Limits limits = new Limits(64 << 10, 128 << 10, 8, sendNanos, 0);
        return neighbours.open(7, Role.USER, PipeType.NONE, limits).connections();
    }

    /// Pushes on threads of its own: to all connections in turn, `THREAD:NUMBER` each. Remembers what became of
    /// each.
    private final class Pushing implements AutoCloseable {
        private final Connections connections;
        private final List<Long> ids = new ArrayList<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        private final List<Future<Long>> all = new ArrayList<>();
        private final Map<String, Long> taken = new ConcurrentHashMap<>();
        private final Map<String, Long> refused = new ConcurrentHashMap<>();
        private final CountDownLatch middle = new CountDownLatch(PUSHES / 4);
        private final AtomicBoolean enough = new AtomicBoolean();

        Pushing(Connections connections) {
            this.connections = connections;
            ids.addAll(one.ids());
            ids.addAll(two.ids());
        }

        /// @param each how many each thread pushes, 0: until it is enough
        Pushing begin(int each) {
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(threads.submit(() -> push(thread, each)));
            }
            return this;
        }

        /// @return how long the longest call took
        private long push(int thread, int each) {
            long longest = 0;
            for (int i = 0; each == 0 ? !enough.get() : i < each; i++) {
                String text = thread + ":" + i;
                long id = ids.get((thread + i) % ids.size());
                long start = System.nanoTime();
                boolean success = connections.push(id, text);
                longest = Math.max(longest, System.nanoTime() - start);
                Long _ = (success ? taken : refused).put(text, id);
                middle.countDown();
            }
            return longest;
        }

        long end() throws InterruptedException, ExecutionException {
            enough.set(true);
            long longest = 0;
            for (Future<Long> each : all) {
                longest = Math.max(longest, each.get());
            }
            return longest;
        }

        /// Nothing was doubled or came out of order, and what was taken has arrived.
        ///
        /// @param certain whether nothing else has arrived
        void check(DeskProcess process, boolean certain) throws IOException {
            Set<String> seen = new HashSet<>();
            process.received().forEach((id, texts) -> {
                Map<String, Integer> last = new HashMap<>();
                for (String text : texts) {
                    assertThat(seen.add(text)).as("%s a second time", text).isTrue();
                    String[] words = text.split(":", -1);
                    int number = Integer.parseInt(words[1]);
                    Integer before = last.put(words[0], number);
                    assertThat(number)
                            .as("the order of thread " + words[0])
                            .isGreaterThan(before == null ? -1 : before);
                }
            });
            Set<String> expected = new HashSet<>(taken.keySet());
            expected.removeIf(text -> !process.ids().contains(taken.get(text)));
            assertThat(expected).isNotEmpty();
            assertThat(seen).containsAll(expected);
            if (certain) {
                assertThat(seen).hasSameSizeAs(expected);
            }
        }

        @Override
        public void close() {
            enough.set(true);
            threads.shutdownNow();
        }
    }

    @Test
    void pushesOfSeveralThreadsArriveOnceAndInOrder() throws Exception {
        try (Pushing pushing = new Pushing(asker(PATIENT)).begin(PUSHES / THREADS)) {
            long _ = pushing.end();
            assertThat(pushing.taken).hasSize(PUSHES);
            pushing.check(one, true);
            pushing.check(two, true);
        }
    }

    @Test
    void aKilledOwnerIsNoConnectionAndNobodyWaitsForIt() throws Exception {
        Connections asker = asker(PATIENT);
        try (Pushing pushing = new Pushing(asker).begin(0)) {
            pushing.middle.await();
            one.signal("KILL");
            one.awaitEnd();
            assertThat(asker.push(one.ids().getFirst(), "too-late")).isFalse();
            assertThat(pushing.end()).isLessThan(PATIENT / 2);
            assertThat(pushing.refused.values()).isSubsetOf(one.ids());
            pushing.check(two, true);
        }
        assertThat(desks()).containsExactly("c102");
        assertThat(asker.connections()).containsExactlyInAnyOrderElementsOf(two.ids());
        assertThat(asker.broadcast("rest")).isEqualTo(3);
    }

    @Test
    void anOwnerThatLeavesTakesOrRefuses() throws Exception {
        Connections asker = asker(PATIENT);
        try (Pushing pushing = new Pushing(asker).begin(0)) {
            pushing.middle.await();
            one.leave();
            assertThat(asker.push(one.ids().getFirst(), "too-late")).isFalse();
            assertThat(pushing.end()).isLessThan(PATIENT / 2);
            assertThat(pushing.refused.values()).isSubsetOf(one.ids());
            // What it did in its last moment may not have been said any more.
            pushing.check(one, false);
            pushing.check(two, true);
        }
        assertThat(desks()).containsExactly("c102");
    }

    @Test
    void aStoppedOwnerIsNamedInTimeAndTheOthersAreAsked() throws Exception {
        Connections asker = asker(500_000_000L);
        assertThat(asker.broadcast("before")).isEqualTo(6);
        one.halt();
        try {
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                MessageException late = catchThrowableOfType(
                        MessageException.class, () -> asker.push(one.ids().getFirst(), "halted"));
                assertThat(System.nanoTime() - start).isBetween(500_000_000L, 2_000_000_000L);
                assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
                assertThat(late)
                        .hasMessageContaining("the web worker process 101 in slot 101 did not answer within 500 ms");
            }
            long start = System.nanoTime();
            MessageException late = catchThrowableOfType(MessageException.class, () -> asker.broadcast("all"));
            assertThat(System.nanoTime() - start).isBetween(500_000_000L, 2_000_000_000L);
            assertThat(late).hasMessageContaining("it was queued for 3 connections of the others");
            assertThat(catchThrowableOfType(MessageException.class, asker::connections)
                            .reason())
                    .isEqualTo(Reason.TIMEOUT);
            assertThat(asker.push(two.ids().getFirst(), "alone")).isTrue();
            // Whoever fills its socket is bounded too, and knows that the rest was not received.
            byte[] long64k = new byte[64 << 10];
            Arrays.fill(long64k, (byte) 'x');
            MessageException full;
            do {
                full = catchThrowableOfType(
                        MessageException.class, () -> asker.push(one.ids().getLast(), long64k));
                assertThat(full.reason()).isEqualTo(Reason.TIMEOUT);
            } while (full.mayBeReceived());
        } finally {
            one.signal("CONT");
        }
        assertThat(asker.push(one.ids().getFirst(), "again")).isTrue();
        assertThat(one.received().get(one.ids().getFirst()))
                .containsExactly("before", "halted", "halted", "all", "again");
        assertThat(two.received().get(two.ids().getFirst())).containsExactly("before", "all", "alone");
    }

    @Test
    void aHaltedOwnerThatIsKilledIsNoConnection() throws Exception {
        Connections asker = asker(PATIENT);
        one.halt();
        CountDownLatch begun = new CountDownLatch(1);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Boolean> pushed = thread.submit(() -> {
                begun.countDown();
                return asker.push(one.ids().getFirst(), "halted");
            });
            begun.await();
            one.signal("KILL");
            assertThat(pushed.get()).isFalse();
        }
    }
}
