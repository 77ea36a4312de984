package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.os.Natives;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("degraded")
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class CounterTest {
    static final Counter COUNTER = Counter.named("c");
    static final Counter DONE = Counter.named("done");
    private static final Duration LONG = Duration.ofSeconds(30);
    /// Without a futex each answer takes milliseconds.
    private static final int ROUNDS = Natives.available() ? 500 : 20;

    private Application application;

    @BeforeEach
    void start() {
        application = Application.start();
    }

    @AfterEach
    void stop() {
        application.close();
    }

    /// Adds 1 again and again, and says when it has done so: `DIRECTORY TIMES`.
    static final class Adder {
        private Adder() {}

        public static void main(String[] args) {
            Application.join(args);
            for (int i = Integer.parseInt(args[1]); i > 0; i--) {
                COUNTER.add(1);
            }
            DONE.add(1);
        }
    }

    /// Answers each odd number with the next even one, until it is negative.
    static final class Answerer {
        private Answerer() {}

        public static void main(String[] args) throws InterruptedException {
            Application.join(args);
            DONE.add(1);
            while (COUNTER.await(n -> n < 0 || n % 2 == 1, LONG) && COUNTER.get() >= 0) {
                COUNTER.add(1);
            }
        }
    }

    @Test
    void numbersAreWhatWasMadeOfThem() {
        assertThat(COUNTER.get()).isZero();
        assertThat(COUNTER.add(5)).isEqualTo(5);
        assertThat(COUNTER.add(-7)).isEqualTo(-2);
        COUNTER.set(Long.MAX_VALUE);
        assertThat(COUNTER.add(1)).isEqualTo(Long.MIN_VALUE);
        assertThat(COUNTER.compareAndSet(0, 1)).isFalse();
        assertThat(COUNTER.compareAndSet(Long.MIN_VALUE, 1)).isTrue();
        assertThat(Counter.named("c").get()).isEqualTo(1);
        assertThat(DONE.get()).isZero();
    }

    @Test
    void processesAddToTheSameNumber() throws Exception {
        for (int i = 0; i < 3; i++) {
            Process _ = application.process(Adder.class, List.of(), "100000");
        }
        assertThat(DONE.await(n -> n == 3, LONG)).isTrue();
        assertThat(COUNTER.get()).isEqualTo(300_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsInAnotherProcessIsWoken(boolean virtual) throws Exception {
        Process answerer = application.process(Answerer.class, List.of());
        assertThat(DONE.await(n -> n == 1, LONG)).isTrue();
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = builder.start(() -> {
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    long asked = COUNTER.add(1);
                    assertThat(COUNTER.await(n -> n == asked + 1, LONG)).isTrue();
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        thread.join();
        assertThat(failure.get()).isNull();
        COUNTER.set(-1);
        assertThat(answerer.waitFor()).isZero();
    }

    @Test
    void manyVirtualThreadsWaitWithoutHoldingCarriers() throws Exception {
        int waiters = 1_000;
        CountDownLatch woken = new CountDownLatch(waiters);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    if (COUNTER.await(n -> n > 0, LONG)) {
                        woken.countDown();
                    }
                } catch (InterruptedException _) {
                    // Not counted.
                }
            }));
        }
        Awaitility.await()
                .atMost(LONG)
                .until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        assertThat(woken.getCount()).isEqualTo(waiters);
        COUNTER.add(1);
        woken.await();
    }

    @Test
    void aWaitHasALimit() throws Exception {
        long start = System.nanoTime();
        assertThat(COUNTER.await(n -> n == 1, Duration.ofMillis(250))).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(250_000_000);
        assertThat(COUNTER.await(n -> n == 1, Duration.ofMillis(-1))).isFalse();
        assertThat(COUNTER.await(n -> n == 0, Duration.ZERO)).isTrue();
        assertThat(COUNTER.await(n -> n == 0, Duration.ofSeconds(Long.MAX_VALUE)))
                .isTrue();
    }

    @Test
    void aWaitCanBeInterrupted() throws Exception {
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                boolean _ = COUNTER.await(n -> n == 1, LONG);
            } catch (InterruptedException e) {
                ended.set(e);
            }
        });
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aTableIsNoCounter() throws Exception {
        COUNTER.add(1);
        Path file = application.directory.path().resolve("counter.c");
        Path _ = Files.move(file, application.directory.path().resolve("lock.c"));
        assertThatThrownBy(() -> SharedLock.named("c").tryLock())
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("kind=2, expected");
    }
}
