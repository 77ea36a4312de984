package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.memory.SharedLock.Hold;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("degraded")
@Timeout(120)
@ResourceLock("shared memory of this JVM")
class SharedLockTest {
    private static final SharedLock LOCK = SharedLock.named("l");
    private static final Duration LONG = Duration.ofSeconds(30);

    /// What the lock protects: two numbers that are always changed one after the other.
    private static final Counter FIRST = Counter.named("first");

    private static final Counter SECOND = Counter.named("second");
    /// How many processes have begun.
    private static final Counter BEGUN = Counter.named("begun");

    private Application application;

    /// Changes both numbers under the lock: `DIRECTORY TIMES`; 0 times: until it is killed.
    static final class Locker {
        private Locker() {}

        public static void main(String[] args) throws InterruptedException {
            Application.join(args);
            BEGUN.add(1);
            int times = Integer.parseInt(args[1]);
            for (int i = 0; times == 0 || i < times; i++) {
                try (Hold hold = LOCK.tryLock(LONG).orElseThrow()) {
                    if (!hold.ownerDied() && FIRST.get() != SECOND.get()) {
                        throw new IllegalStateException("half done, and nobody died");
                    }
                    SECOND.set(FIRST.add(1));
                }
            }
        }
    }

    /// Holds it: `DIRECTORY`.
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            Application.join(args);
            Optional<Hold> hold = LOCK.tryLock();
            FIRST.set(hold.isPresent() ? 1 : -1);
            Thread.sleep(LONG);
        }
    }

    @BeforeEach
    void start() {
        application = Application.start();
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void oneHoldsIt() throws Exception {
        assertThat(LOCK.owner()).isEmpty();
        Hold hold = LOCK.tryLock().orElseThrow();
        assertThat(hold.ownerDied()).isFalse();
        assertThat(LOCK.owner()).hasValue(ProcessHandle.current().pid());
        assertThat(LOCK.tryLock()).isEmpty();
        long start = System.nanoTime();
        assertThat(LOCK.tryLock(Duration.ofMillis(150))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(150_000_000);
        hold.close();
        try (Hold _ = LOCK.tryLock(Duration.ZERO).orElseThrow()) {
            hold.close();
            assertThat(LOCK.tryLock()).as("a second close does nothing").isEmpty();
        }
        assertThat(LOCK.owner()).isEmpty();
    }

    @Test
    void processesTakeTurns() throws Exception {
        Process one = application.process(Locker.class, List.of(), "5000");
        Process other = application.process(Locker.class, List.of(), "5000");
        assertThat(one.waitFor()).isZero();
        assertThat(other.waitFor()).isZero();
        assertThat(FIRST.get()).isEqualTo(10_000);
        assertThat(SECOND.get()).isEqualTo(10_000);
        assertThat(LOCK.deaths()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDeathOfAHolderFreesItAndIsTold(boolean virtual) throws Exception {
        Process holder = application.process(Holder.class, List.of());
        assertThat(FIRST.await(n -> n != 0, LONG)).isTrue();
        assertThat(FIRST.get()).isEqualTo(1);
        assertThat(LOCK.owner()).hasValue(holder.pid());
        assertThat(LOCK.tryLock()).isEmpty();
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread waiter = builder.start(() -> {
            try (Hold hold = LOCK.tryLock(LONG).orElseThrow()) {
                SECOND.set(hold.ownerDied() ? 1 : -1);
            } catch (InterruptedException _) {
                SECOND.set(-2);
            }
        });
        holder.destroyForcibly();
        holder.waitFor();
        assertThat(SECOND.await(n -> n != 0, Duration.ofSeconds(1))).isTrue();
        assertThat(SECOND.get()).isEqualTo(1);
        waiter.join();
        assertThat(LOCK.deaths()).isEqualTo(1);
        assertThat(LOCK.tryLock().orElseThrow().ownerDied()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock.held", "lock.free", "lock.inherited", "counter.changed", "wake.lowered"})
    void whoIsKilledInTheMiddleLeavesItToTheNext(String place) throws Exception {
        int times = Math.max(1, Integer.getInteger("muster.kills", 10) / 50);
        for (int kill = 0; kill < times; kill++) {
            if (place.equals("lock.inherited")) {
                // Nobody else, who could be the heir.
                killed(application.process(Locker.class, fault("lock.held"), "0"));
                killed(application.process(Locker.class, fault(place), "0"));
            }
            // Somebody who waits, so that there is somebody to be woken.
            long begun = BEGUN.get();
            Process waiting = application.process(Locker.class, List.of(), "0");
            assertThat(BEGUN.await(n -> n > begun, LONG)).isTrue();
            if (!place.equals("lock.inherited")) {
                killed(application.process(Locker.class, fault(place), "0"));
            }
            long before = FIRST.get();
            assertThat(FIRST.await(n -> n > before + 10, Duration.ofSeconds(1)))
                    .as("the other one goes on")
                    .isTrue();
            waiting.destroyForcibly();
            waiting.waitFor();
            try (Hold _ = LOCK.tryLock(Duration.ofSeconds(1)).orElseThrow()) {
                SECOND.set(FIRST.get());
            }
        }
    }

    private static List<String> fault(String place) {
        // Inheriting happens once; of the others the first are those of the beginning.
        int count = place.equals("lock.inherited") ? 1 : 5;
        return List.of("-D" + FaultPoint.PLACE + "=" + place, "-D" + FaultPoint.COUNT + "=" + count);
    }

    private static void killed(Process process) throws InterruptedException {
        assertThat(process.waitFor()).isEqualTo(128 + 9);
    }
}
