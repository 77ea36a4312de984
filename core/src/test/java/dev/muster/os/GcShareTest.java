package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
// It measures the garbage collection of this JVM.
@Isolated
class GcShareTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    private final GcShare share = new GcShare();

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC"})
    void aMachineThatOnlyCollectsIsToldFromOneThatComputes(String collector) {
        try (Child collecting = Child.jvm(collector, "collect");
                Child computing = Child.jvm(collector, "compute")) {
            assertThat(collecting.line()).isEqualTo("collecting");
            assertThat(computing.line()).isEqualTo("computing");
            assertThat(share.sample(collecting.pid)).as("the first look").isEmpty();
            assertThat(share.sample(computing.pid)).isEmpty();
            long used = ProcFs.stat(computing.pid).orElseThrow().cpuTicks();
            Awaitility.await().atMost(LONG).until(() -> moved(collecting.pid, 50));
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> ProcFs.stat(computing.pid).orElseThrow().cpuTicks() > used + 50);
            double collected = share.sample(collecting.pid).orElseThrow();
            double computed = share.sample(computing.pid).orElseThrow();
            assertThat(collected).isGreaterThan(0.05).isLessThanOrEqualTo(1.0);
            assertThat(computed).isLessThan(collected / 2);
        }
    }

    /// Whether its collector has used so many hundredths of a second in all.
    private static boolean moved(int pid, int ticks) {
        return ProcFs.stat(pid).orElseThrow().cpuTicks() > 100 + ticks;
    }

    @Test
    void whoIsGoneIsForgotten() {
        int pid;
        try (Child child = Child.sleep()) {
            pid = child.pid;
            assertThat(share.sample(pid)).isEmpty();
            assertThat(share.sample(pid)).as("no virtual machine").isEqualTo(OptionalDouble.of(0));
        }
        assertThat(share.sample(pid)).isEmpty();
    }
}
