package dev.muster.examples.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutageTest {
    @Test
    void thePausesGrowToFiveSecondsAndBeginAnewAfterAnAnswer() {
        Outage outage = new Outage("it");
        RuntimeException failure = new RuntimeException("gone");
        assertThat(outage.pause(failure)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(outage.pause(failure)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        for (int i = 0; i < 100; i++) {
            Duration _ = outage.pause(failure);
        }
        assertThat(outage.pause(failure)).isBetween(Duration.ofMillis(2_500), Duration.ofMillis(5_000));
        outage.over();
        assertThat(outage.pause(failure)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    }
}
