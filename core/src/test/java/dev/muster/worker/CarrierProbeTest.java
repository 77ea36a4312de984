package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.OnError;
import dev.muster.os.Signals;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(120)
// It keeps the carriers of this JVM busy, and measures how long they take.
@Isolated
class CarrierProbeTest {
    private static final long HALF = 500_000_000L;

    @TempDir
    Path directory;

    private final CarrierProbe probe = new CarrierProbe();
    private long now = 1_000 * HALF;

    private long beat() {
        now += HALF;
        return probe.starvedSince(now);
    }

    @Test
    void answersKeepItSilent() {
        for (int second = 0; second < 100; second++) {
            probe.answer();
            assertThat(beat()).isZero();
            assertThat(beat()).isZero();
            assertThat(beat()).isZero();
        }
    }

    @Test
    void withoutAnswersItNamesTheLastOneUntilTheNextComes() {
        probe.answer();
        assertThat(beat()).isZero();
        long answered = now;
        for (int missed = 1; missed < 4; missed++) {
            assertThat(beat()).as("beat %d without an answer", missed).isZero();
        }
        for (int missed = 4; missed < 100; missed++) {
            assertThat(beat()).isEqualTo(answered);
        }
        probe.answer();
        assertThat(beat()).isZero();
    }

    @Test
    void whileEverythingStoodStillNothingIsHeldAgainstTheCarriers() {
        probe.answer();
        assertThat(beat()).isZero();
        now += 60 * HALF;
        for (int missed = 0; missed < 4; missed++) {
            assertThat(beat()).isZero();
        }
        assertThat(beat()).as("a new window").isPositive();
    }

    @Test
    void lookingAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = look(50_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += look(50_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(50_000);
        assertThat(sum).isPositive();
    }

    private long look(int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += beat() == 0 ? 0 : 1;
        }
        return sum;
    }

    @Test
    void starvationShowsOnTheBoardWhileTheHeartGoesOnAndEndsWithIt() throws Exception {
        TestMaster master = new TestMaster(
                directory, TestMaster.user(ChildFixture.Starves.class, OnError.CONTINUE), List.of(), List.of());
        try (master) {
            master.spawn();
            master.printed("starving");
            until(() -> master.slot().probeSince() != 0);
            long since = master.slot().probeSince();
            long beats = master.slot().beats();
            until(() -> master.slot().beats() > beats + 2);
            assertThat(master.slot().probeSince()).isEqualTo(since);
            assertThat(System.nanoTime() - since).isBetween(2 * HALF, 120 * HALF);
            assertThat(Signals.send(master.process().pid(), Signals.CONT)).isTrue();
            until(() -> master.slot().probeSince() == 0);
        }
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
