package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("degraded")
@Timeout(30)
class FutexTest {
    @TempDir
    Path dir;

    private Path file;
    private MemorySegment shared;

    @BeforeEach
    void map() throws Exception {
        file = dir.resolve("shared");
        shared = Probe.map(file);
    }

    @Test
    @Tag("native-only")
    void wakesASleeperInAnotherProcess() {
        try (Child child = Child.jvm("futex", file.toString())) {
            assertThat(child.line()).isEqualTo("ready");
            // It counts only sleepers: one was woken in the other process, which then finds the word unchanged.
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Futex.wakeAll(shared, 4) == 1);
            ValueLayout.JAVA_INT.varHandle().setRelease(shared, 4L, 1);
            int _ = Futex.wakeAll(shared, 4);
            assertThat(child.line()).isEqualTo("woken");
            assertThat(child.end()).isEqualTo(new ExitStatus(0, 0));
        }
    }

    @Test
    void waitsAsLongAsItWasTold() {
        long start = System.nanoTime();
        assertThat(Futex.await(shared, 0, 0, Duration.ofMillis(1030))).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_030_000_000);
        assertThat(Futex.await(shared, 0, 0, Duration.ofMillis(-1))).isFalse();
    }

    @Test
    void doesNotWaitForAWordThatHasChanged() {
        assertThat(Futex.await(shared, 8, 1, Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void nobodySleepsNobodyWakes() {
        assertThat(Futex.wakeAll(shared, 0)).isZero();
    }

    @Test
    void refusesWordsThatCannotBe() {
        assertThatThrownBy(() -> Futex.wakeAll(shared, 2)).hasMessageContaining("not aligned");
        assertThatThrownBy(() -> Futex.wakeAll(shared, 4096)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
