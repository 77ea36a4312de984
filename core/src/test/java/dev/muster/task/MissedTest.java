package dev.muster.task;

import static dev.muster.task.Missed.ALL;
import static dev.muster.task.Missed.ONCE;
import static dev.muster.task.Missed.SKIP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.schedule.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MissedTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Recurrence MINUTE = Recurrence.every(60_000);

    @Test
    void onTimeAllPoliciesServeTheInstant() {
        for (Missed policy : Missed.values()) {
            assertThat(policy.due(MINUTE, NOON.minusSeconds(60), NOON)).containsExactly(NOON);
            assertThat(policy.due(MINUTE, NOON.minusSeconds(60), NOON.plusSeconds(29)))
                    .containsExactly(NOON);
            assertThat(policy.due(MINUTE, NOON.minusSeconds(60), NOON.minusMillis(1)))
                    .isEmpty();
            assertThat(policy.due(MINUTE, NOON, NOON)).isEmpty();
        }
    }

    @Test
    void theyDifferInWhatWasMissed() {
        Recurrence hour = Recurrence.every(3_600_000);
        Instant now = NOON.plusSeconds(1800);
        Instant served = NOON.minusSeconds(3 * 3600);
        assertThat(SKIP.due(hour, served, now)).isEmpty();
        assertThat(ONCE.due(hour, served, now)).containsExactly(NOON);
        assertThat(ALL.due(hour, served, now)).containsExactly(NOON.minusSeconds(7200), NOON.minusSeconds(3600), NOON);
        assertThat(SKIP.due(hour, served, NOON.plus(Missed.LATE))).containsExactly(NOON);
    }

    @Test
    void isBoundedByTheLatestHundred() {
        List<Instant> due = ALL.due(MINUTE, NOON.minus(Duration.ofDays(3650)), NOON);
        assertThat(due).hasSize(100).endsWith(NOON).startsWith(NOON.minusSeconds(99 * 60));
    }

    @Test
    void servesNothingTwiceNothingEarlyAndNothingThatIsNoInstant() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Recurrence> some =
                List.of(MINUTE, Recurrence.every(5_000), Recurrence.cron("*/10 2-4 * * *", "Europe/Berlin"));
        for (int i = 0; i < 500; i++) {
            Recurrence recurrence = some.get(random.nextInt(some.size()));
            Missed policy = List.of(Missed.values()).get(random.nextInt(3));
            Instant now = NOON.plusSeconds(random.nextInt(40 * 86_400));
            Instant served = now.minusSeconds(random.nextInt(86_400));
            List<Instant> all = new ArrayList<>();
            for (int step = 0; step < 20; step++) {
                List<Instant> due = policy.due(recurrence, served, now);
                all.addAll(due);
                served = due.isEmpty() ? served : due.getLast();
                assertThat(due)
                        .as("seed %s", seed)
                        .allMatch(each -> recurrence.next(each.minusNanos(1)).equals(each));
                assertThat(served).as("seed %s", seed).isBeforeOrEqualTo(now);
                now = now.plusMillis(random.nextInt(200_000));
            }
            assertThat(all)
                    .as("seed %s, %s", seed, policy)
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
    }

    /// Who looks often enough serves every instant, whatever the policy.
    @Test
    void nothingIsMissedByWhoIsThere() {
        for (Missed policy : Missed.values()) {
            Instant served = NOON;
            List<Instant> all = new ArrayList<>();
            for (Instant now = NOON; now.isBefore(NOON.plusSeconds(3600)); now = now.plusSeconds(7)) {
                for (Instant due : policy.due(MINUTE, served, now)) {
                    all.add(due);
                    served = due;
                }
            }
            assertThat(all).as("%s", policy).hasSize(59);
        }
    }
}
