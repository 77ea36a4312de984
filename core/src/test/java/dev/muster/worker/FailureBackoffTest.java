package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class FailureBackoffTest {
    @Test
    void afterASuccessThePauseIsTheInterval() {
        assertThat(FailureBackoff.pauseMillis(200, 0)).isEqualTo(200);
        assertThat(FailureBackoff.pauseMillis(0, 0)).isZero();
        assertThat(FailureBackoff.pauseMillis(-5, 0)).isZero();
    }

    @Test
    void failuresInARowDoubleThePauseUpToThirtySeconds() {
        assertThat(FailureBackoff.pauseMillis(0, 1)).isEqualTo(100);
        assertThat(FailureBackoff.pauseMillis(0, 2)).isEqualTo(200);
        assertThat(FailureBackoff.pauseMillis(0, 5)).isEqualTo(1_600);
        assertThat(FailureBackoff.pauseMillis(0, 9)).isEqualTo(25_600);
        assertThat(FailureBackoff.pauseMillis(0, 10)).isEqualTo(30_000);
        assertThat(FailureBackoff.pauseMillis(0, Integer.MAX_VALUE)).isEqualTo(30_000);
    }

    @Test
    void thePauseIsNeverShorterThanTheInterval() {
        assertThat(FailureBackoff.pauseMillis(200, 1)).isEqualTo(200);
        assertThat(FailureBackoff.pauseMillis(60_000, 20)).isEqualTo(60_000);
    }
}
