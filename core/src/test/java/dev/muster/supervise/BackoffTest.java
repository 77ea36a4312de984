package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BackoffTest {
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    @Test
    void delaysDoubleBetweenHalfAndWholeAndEndAtTheCapOfTheRole() {
        assertThat(Backoff.delay(Role.USER, 1, 0))
                .isEqualTo(Duration.ofMillis(50).toNanos());
        assertThat(Backoff.delay(Role.USER, 1, ALMOST_ONE))
                .isBetween(
                        Duration.ofMillis(99).toNanos(), Duration.ofMillis(100).toNanos());
        assertThat(Backoff.delay(Role.USER, 4, 0))
                .isEqualTo(Duration.ofMillis(400).toNanos());
        for (int failures = 1; failures < 200; failures++) {
            assertThat(Backoff.delay(Role.USER, failures, ALMOST_ONE)).isBetween(1L, Backoff.CAP);
            assertThat(Backoff.delay(Role.POOL, failures, ALMOST_ONE)).isBetween(1L, Backoff.CAP_WORKERS);
            assertThat(Backoff.delay(Role.TASK, failures, ALMOST_ONE)).isBetween(1L, Backoff.CAP_WORKERS);
        }
        assertThat(Backoff.delay(Role.USER, 100, 0)).isEqualTo(Backoff.CAP / 2);
    }

    @Test
    void quarantineLastsBetween15And30Seconds() {
        assertThat(Backoff.quarantine(0)).isEqualTo(Backoff.QUARANTINE_SHORTEST);
        assertThat(Backoff.quarantine(ALMOST_ONE)).isBetween(Backoff.QUARANTINE_SHORTEST, Backoff.QUARANTINE);
    }

    @Test
    void theBudgetGivesOneBurstAndThenANumberASecond() {
        SpawnBudget budget = SpawnBudget.full(3, 2, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(budget.available()).isTrue();
            budget = budget.taken();
        }
        assertThat(budget.available()).isFalse();
        assertThat(budget.untilNext()).isEqualTo(Duration.ofMillis(500).toNanos());
        assertThat(budget.refilled(Duration.ofMillis(500).toNanos()).available())
                .isTrue();
        assertThat(budget.refilled(Duration.ofHours(1).toNanos()).tokens()).isEqualTo(3);
    }
}
