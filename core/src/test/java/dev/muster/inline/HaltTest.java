package dev.muster.inline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HaltTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Halt halt = new Halt(0);

    @Test
    void aLimitIsOverWhenItsTimeHasCome() {
        halt.looked(SECOND / 2);
        assertThat(halt.over(SECOND, SECOND - 1)).isFalse();
        assertThat(halt.over(SECOND, SECOND)).isTrue();
    }

    @Test
    void theTimeOfAHaltIsForgiven() {
        halt.looked(60 * SECOND);
        assertThat(halt.over(SECOND, 60 * SECOND)).isFalse();
        assertThat(halt.over(SECOND, 61 * SECOND)).isTrue();
    }

    @Test
    void whatBeganAfterItIsNotProlonged() {
        halt.looked(60 * SECOND);
        assertThat(halt.over(60 * SECOND + 1, 60 * SECOND + 1)).isTrue();
    }
}
