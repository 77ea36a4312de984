package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FailuresTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private Failures past = Failures.NONE;
    private long now = 100 * SECOND;

    /// @return the pause before the next process
    private long dies() {
        now += SECOND;
        past = past.another(now);
        return pause(SECOND, false);
    }

    private long pause(long uptime, boolean spare) {
        return past.pause(Role.USER, uptime, spare, 0.999);
    }

    @Test
    void thePauseGrowsAndThenItIsQuarantined() {
        long first = dies();
        long second = dies();
        assertThat(first).isPositive();
        assertThat(second).isGreaterThan(first);
        dies();
        dies();
        assertThat(past.quarantined()).isFalse();
        assertThat(dies()).isGreaterThan(10 * SECOND);
        assertThat(past.quarantined()).isTrue();
    }

    @Test
    void theFirstAfterALongTimeOrWithASpareCostsNoPause() {
        dies();
        assertThat(pause(Backoff.SETTLED, false)).isZero();
        assertThat(pause(SECOND, true)).isZero();
        dies();
        assertThat(pause(Backoff.SETTLED, true)).isPositive();
    }

    @Test
    void aMinuteOfWorkForgets() {
        long first = dies();
        dies();
        past = past.after(Backoff.FORGOTTEN - 1);
        assertThat(past.inARow()).isEqualTo(2);
        past = past.after(Backoff.FORGOTTEN);
        assertThat(dies()).isEqualTo(first);
    }

    @Test
    void thoseOlderThanTheirPeriodLeadToNoQuarantine() {
        for (int i = 1; i < Backoff.INTENSITY; i++) {
            dies();
        }
        now += Backoff.PERIOD;
        dies();
        assertThat(past.quarantined()).isFalse();
        assertThat(past.inARow()).isEqualTo(Backoff.INTENSITY);
    }

    @Test
    void quarantineTakesLongerToForget() {
        for (int i = 0; i < Backoff.INTENSITY; i++) {
            dies();
        }
        assertThat(past.after(Backoff.FORGOTTEN).quarantined()).isTrue();
        assertThat(past.after(Backoff.REFORMED)).isEqualTo(Failures.NONE);
    }
}
