package dev.muster.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RecurrenceTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static List<Instant> after(Recurrence recurrence, Instant from, Instant until) {
        List<Instant> instants = new ArrayList<>();
        for (Instant next = recurrence.next(from); !next.isAfter(until); next = recurrence.next(next)) {
            instants.add(next);
        }
        return instants;
    }

    @Test
    void anIntervalIsCountedFromTheEpochAndNotFromWhoeverAsks() {
        Recurrence everyFive = Recurrence.every(Duration.ofMinutes(5).toMillis());
        assertThat(everyFive.next(NOON)).isEqualTo(NOON.plusSeconds(300));
        assertThat(everyFive.next(NOON.plusSeconds(299))).isEqualTo(NOON.plusSeconds(300));
        assertThat(everyFive.next(NOON.minusNanos(1))).isEqualTo(NOON);
        assertThat(everyFive.next(Instant.ofEpochSecond(-1))).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1000, 999, 1500, 365L * 24 * 3_600_000 + 1000})
    void refusesIntervalsThatAreNoWholeSeconds(long millis) {
        assertThatThrownBy(() -> Recurrence.every(millis)).hasMessageContaining("from 1s to 8760h");
    }

    @Test
    void aZoneIsUtcIfNobodySaysIt() {
        assertThat(Recurrence.cron("30 12 * * *", "").next(NOON)).isEqualTo(NOON.plusSeconds(1800));
        assertThat(Recurrence.cron("30 13 * * *", "Europe/Berlin").next(NOON)).isEqualTo(NOON.plusSeconds(1800));
        assertThatThrownBy(() -> Recurrence.cron("* * * * *", "Europe/Berln")).hasMessageContaining("Europe/Berln");
    }

    @Test
    void takesTheLatestOfManyWithoutGoingThroughAll() {
        Recurrence second = Recurrence.every(1000);
        Instant longAgo = NOON.minus(Duration.ofDays(36_500));
        assertThat(second.latest(longAgo, NOON, 3)).containsExactly(NOON.minusSeconds(2), NOON.minusSeconds(1), NOON);
        Recurrence yearly = Recurrence.cron("@yearly", "");
        assertThat(yearly.latest(longAgo, NOON, 2))
                .containsExactly(Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void theLatestAreTheEndOfAll() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Recurrence> some = List.of(
                Recurrence.every(7_000),
                Recurrence.every(3_600_000),
                Recurrence.cron("*/10 * * * * *", "Europe/Berlin"),
                Recurrence.cron("*/7 2-3 * * *", "Europe/Berlin"),
                Recurrence.cron("0 * * * *", "Australia/Lord_Howe"));
        for (int i = 0; i < 2_000; i++) {
            Recurrence recurrence = some.get(random.nextInt(some.size()));
            Instant until = Instant.ofEpochMilli(NOON.toEpochMilli() + random.nextLong(366L * 24 * 3_600_000));
            Instant from = until.minusMillis(random.nextLong(3L * 24 * 3_600_000));
            int max = 1 + random.nextInt(100);
            List<Instant> all = after(recurrence, from, until);
            assertThat(recurrence.latest(from, until, max))
                    .as("seed %s, %s from %s until %s, %s", seed, recurrence, from, until, max)
                    .isEqualTo(all.subList(Math.max(0, all.size() - max), all.size()));
        }
    }
}
