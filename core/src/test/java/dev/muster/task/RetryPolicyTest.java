package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.scan.RetryRule;
import dev.muster.scan.RetryRule.Then;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RetryPolicyTest {
    private static final RetryPolicy USUAL = new RetryPolicy(RetryRule.NONE.resolved(200, 30_000));

    private static long longest(int attempt) {
        return USUAL.delay(attempt, 1).toMillis();
    }

    private static RetryPolicy list(long within, Long... delays) {
        return new RetryPolicy(new RetryRule(0, 2, 0, List.of(delays), within, Map.of()));
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
        assertThat(USUAL.delay(3, 0)).isZero();
        assertThat(USUAL.delay(3, 0.5)).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void staysInItsBounds() {
        long seed = 4711;
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            int attempt = random.nextInt();
            double r = random.nextDouble() * 4 - 2;
            assertThat(USUAL.delay(attempt, r).toMillis())
                    .as("seed %s, attempt %s, random %s", seed, attempt, r)
                    .isBetween(0L, 30_000L);
        }
    }

    @Test
    void takesAListAsItStandsAndRepeatsItsEnd() {
        RetryPolicy list = list(0, 1_000L, 0L, 60_000L);

        assertThat(list.delay(1, 0.1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(list.delay(2, 0.1)).isZero();
        assertThat(list.delay(3, 0.1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(list.delay(Integer.MAX_VALUE, 0.1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(list(0, 0L).delay(5, 1)).as("none").isZero();
    }

    @Test
    void theNearestClassDecidesWhatAnExceptionMeans() {
        RetryPolicy policy = new RetryPolicy(new RetryRule(
                0,
                2,
                0,
                List.of(),
                0,
                Map.of(
                        "java.lang.Exception", Then.DEAD,
                        "java.io.IOException", Then.RETRY,
                        "java.io.FileNotFoundException", Then.DISCARD)));

        assertThat(policy.then(new FileNotFoundException())).isEqualTo(Then.DISCARD);
        assertThat(policy.then(new NoSuchFileException("x"))).isEqualTo(Then.RETRY);
        assertThat(policy.then(new IllegalStateException(new IOException())))
                .as("what lies behind it does not count")
                .isEqualTo(Then.DEAD);
        assertThat(policy.then(new StackOverflowError())).isEqualTo(Then.RETRY);
    }

    @Test
    void knowsWhenAnAttemptWouldComeTooLate() {
        assertThat(list(10_000, 1L).tooLate(5_000, 15_000)).isFalse();
        assertThat(list(10_000, 1L).tooLate(5_000, 15_001)).isTrue();
        assertThat(list(0, 1L).tooLate(5_000, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aTaskBeatsTheApplication() {
        RetryRule base = new RetryRule(60_000, 2, RetryRule.UNSET, List.of(), 0, Map.of());
        RetryRule cap = new RetryRule(RetryRule.UNSET, 2, 50, List.of(), 0, Map.of());

        assertThat(base.resolved(200, 30_000))
                .extracting(RetryRule::base, RetryRule::cap)
                .containsExactly(60_000L, 60_000L);
        assertThat(cap.resolved(200, 30_000))
                .extracting(RetryRule::base, RetryRule::cap)
                .containsExactly(50L, 50L);
        assertThat(RetryRule.NONE.resolved(1, 2))
                .extracting(RetryRule::base, RetryRule::cap)
                .containsExactly(1L, 2L);
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        assertThatThrownBy(() -> new RetryRule(2, 2, 1, List.of(), 0, Map.of())).hasMessageContaining("base");
        assertThatThrownBy(() -> new RetryRule(1, Double.NaN, 1, List.of(), 0, Map.of()))
                .hasMessageContaining("factor");
        assertThatThrownBy(() -> new RetryPolicy(RetryRule.NONE)).hasMessageContaining("open times");
    }
}
