package dev.muster.inline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import dev.muster.supervise.Backoff;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Restarts past = new Restarts();
    private long now = 100 * SECOND;

    private long dies(boolean counts, long worked) {
        now += SECOND;
        return past.ended(Role.USER, counts, worked, SECOND, now, 0.999);
    }

    @Test
    void anEndAfterWorkCostsNothing() {
        assertThat(dies(false, SECOND)).isZero();
        assertThat(past.failures()).isZero();
    }

    @Test
    void thePauseGrowsAndThenItIsQuarantined() {
        long first = dies(true, 0);
        long second = dies(true, 0);
        assertThat(first).isPositive();
        assertThat(second).isGreaterThan(first);
        dies(true, 0);
        dies(true, 0);
        assertThat(past.quarantined()).isFalse();
        assertThat(dies(true, 0)).isGreaterThan(10 * SECOND);
        assertThat(past.quarantined()).isTrue();
    }

    @Test
    void aMinuteOfWorkForgets() {
        long first = dies(true, 0);
        dies(true, 0);
        assertThat(dies(true, Backoff.FORGOTTEN)).isEqualTo(first);
    }

    @Test
    void quarantineTakesLongerToForget() {
        for (int i = 0; i < Backoff.INTENSITY; i++) {
            dies(true, 0);
        }
        dies(false, Backoff.FORGOTTEN);
        assertThat(past.quarantined()).isTrue();
        dies(false, Backoff.REFORMED);
        assertThat(past.quarantined()).isFalse();
    }
}
