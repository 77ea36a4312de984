package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TenureTest {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final InstantSource wall = () -> now;

    private LeaseTerm minute() {
        return LeaseTerm.fromNow(Duration.ofMinutes(1), wall);
    }

    @Test
    void aLeaseThatIsRenewedInTimeCoversWhatWasClaimedBefore() {
        Tenure tenure = Tenure.renewed(null, minute());
        long claimed = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            now = now.plusSeconds(50);
            tenure = Tenure.renewed(tenure, minute());
            assertThat(tenure.covers(claimed)).isTrue();
        }
    }

    @Test
    void aLeaseThatRanOutCoversNothingOfBeforeHoweverOftenItIsRenewed() {
        Tenure tenure = Tenure.renewed(null, minute());
        long claimed = System.nanoTime();
        now = now.plusSeconds(61);
        assertThat(tenure.covers(claimed)).isFalse();
        for (int i = 0; i < 3; i++) {
            tenure = Tenure.renewed(tenure, minute());
            assertThat(tenure.covers(claimed)).isFalse();
        }
        assertThat(tenure.covers(System.nanoTime())).isTrue();
    }

    /// The question was asked in time, and answered when the term was over.
    @Test
    void anAnswerThatCameTooLateEndsItToo() {
        Tenure tenure = Tenure.renewed(null, minute());
        long claimed = System.nanoTime();
        LeaseTerm asked = minute();
        now = now.plusSeconds(61);
        assertThat(Tenure.renewed(tenure, asked).covers(claimed)).isFalse();
    }
}
