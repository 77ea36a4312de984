package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RetryPolicyTest {
    private static long longest(int attempt) {
        return RetryPolicy.DEFAULT.delay(attempt, 1).toMillis();
    }

    @Test
    void doublesUpToItsCap() {
        assertThat(longest(1)).isEqualTo(200);
        assertThat(longest(2)).isEqualTo(400);
        assertThat(longest(8)).isEqualTo(25_600);
        assertThat(longest(9)).isEqualTo(30_000);
        assertThat(longest(Integer.MAX_VALUE)).isEqualTo(30_000);
    }

    @Test
    void spreadsOverTheWholeRange() {
        assertThat(RetryPolicy.DEFAULT.delay(3, 0)).isZero();
        assertThat(RetryPolicy.DEFAULT.delay(3, 0.5)).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void staysInItsBounds() {
        long seed = 4711;
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            int attempt = random.nextInt();
            double r = random.nextDouble() * 4 - 2;
            assertThat(RetryPolicy.DEFAULT.delay(attempt, r).toMillis())
                    .as("seed %s, attempt %s, random %s", seed, attempt, r)
                    .isBetween(0L, 30_000L);
        }
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        assertThatThrownBy(() -> new RetryPolicy(Duration.ofSeconds(2), 2, Duration.ofSeconds(1)))
                .hasMessageContaining("base");
        assertThatThrownBy(() -> new RetryPolicy(Duration.ofSeconds(1), Double.NaN, Duration.ofSeconds(1)))
                .hasMessageContaining("factor");
    }
}
