package dev.muster.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a schedule in the nights in which the clocks are changed.
@Timeout(60)
class ZonedCronTest {
    /// Spring: 02:00 becomes 03:00. Autumn: 03:00 becomes 02:00, in Europe; in Cairo at midnight, on Lord Howe by
    /// half an hour; and Apia once left out a whole day.
    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Africa/Cairo",
            "Australia/Lord_Howe",
            "America/Santiago",
            "Atlantic/Azores",
            "Asia/Kolkata");

    private static List<String> between(String expression, String zone, String from, String until) {
        Recurrence recurrence = Recurrence.cron(expression, zone);
        Instant end = Instant.parse(until);
        List<String> local = new ArrayList<>();
        Instant next = recurrence.next(Instant.parse(from));
        while (!next.isAfter(end)) {
            local.add(next.atZone(ZoneId.of(zone)).toOffsetDateTime().toString());
            next = recurrence.next(next);
        }
        return local;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        30 2 * * *        | 2026-03-28T02:30+01:00 2026-03-29T03:00+02:00 2026-03-30T02:30+02:00
        0 2 * * *         | 2026-03-28T02:00+01:00 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00
        0 3 * * *         | 2026-03-28T03:00+01:00 2026-03-29T03:00+02:00 2026-03-30T03:00+02:00
        59 1 29 * *       | 2026-03-29T01:59+01:00
        */20 2 29 * *     | 2026-03-29T03:00+02:00
        30 2,3 29 * *     | 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00
        0 1-4 29 * *      | 2026-03-29T01:00+01:00 2026-03-29T03:00+02:00 2026-03-29T04:00+02:00
        0 */2 29 * *      | 2026-03-29T00:00+01:00 2026-03-29T03:00+02:00 2026-03-29T04:00+02:00 2026-03-29T06:00+02:00
        """)
    void aTimeThatIsLeftOutComesAtTheFirstInstantAfterTheGap(String expression, String expected) {
        List<String> times = between(expression, "Europe/Berlin", "2026-03-27T12:00:00Z", "2026-03-30T05:00:00Z");
        assertThat(times).startsWith(expected.split(" "));
        if (!expression.contains("*/2 29")) {
            assertThat(times).hasSize(expected.split(" ").length);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        30 2 * * *        | 2026-10-24T02:30+02:00 2026-10-25T02:30+02:00 2026-10-26T02:30+01:00
        0 2 * * *         | 2026-10-24T02:00+02:00 2026-10-25T02:00+02:00 2026-10-26T02:00+01:00
        0 3 * * *         | 2026-10-24T03:00+02:00 2026-10-25T03:00+01:00 2026-10-26T03:00+01:00
        */30 2 25 * *     | 2026-10-25T02:00+02:00 2026-10-25T02:30+02:00
        0 1-3 25 * *      | 2026-10-25T01:00+02:00 2026-10-25T02:00+02:00 2026-10-25T03:00+01:00
        """)
    void aTimeThatComesTwiceCountsTheFirstTime(String expression, String expected) {
        assertThat(between(expression, "Europe/Berlin", "2026-10-23T12:00:00Z", "2026-10-26T05:00:00Z"))
                .containsExactly(expected.split(" "));
    }

    @Test
    void whatMeansEveryHourFollowsTheElapsedTime() {
        assertThat(between("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"))
                .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00");
        assertThat(between("0,30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"))
                .containsExactly(
                        "2026-10-25T02:30+02:00",
                        "2026-10-25T02:00+01:00",
                        "2026-10-25T02:30+01:00",
                        "2026-10-25T03:00+01:00");
        Recurrence quarter = Recurrence.cron("*/15 * * * *", "America/New_York");
        Instant instant = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 365 * 24 * 4; i++) {
            Instant next = quarter.next(instant);
            assertThat(Duration.between(instant, next)).as("after %s", instant).isEqualTo(Duration.ofMinutes(15));
            instant = next;
        }
    }

    @Test
    void midnightThatIsLeftOutAndADayThatIs() {
        assertThat(between("0 0 * * *", "Africa/Cairo", "2026-04-22T23:00:00Z", "2026-04-24T23:00:00Z"))
                .containsExactly("2026-04-24T01:00+03:00", "2026-04-25T00:00+03:00");
        assertThat(between("0 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-31T20:00:00Z"))
                .containsExactly("2011-12-29T12:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T12:00+14:00");
    }

    @Test
    void goesOnWhereItWasAskedInTheMiddleOfAChange() {
        Recurrence daily = Recurrence.cron("30 2 * * *", "Europe/Berlin");
        Instant second = Instant.parse("2026-10-25T01:30:00Z");
        assertThat(daily.next(second.minusSeconds(1))).isEqualTo(Instant.parse("2026-10-26T01:30:00Z"));
        Instant gap = Instant.parse("2026-03-29T01:00:00Z");
        assertThat(daily.next(gap.minusNanos(1))).isEqualTo(gap);
        assertThat(daily.next(gap)).isEqualTo(Instant.parse("2026-03-30T00:30:00Z"));
    }

    /// Against an oracle that goes through all minutes, around every change of the clocks in these years.
    @Test
    void isWhatTheRuleSaysMinuteByMinute() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (String zone : ZONES) {
            ZoneRules rules = ZoneId.of(zone).getRules();
            ZoneOffsetTransition change = rules.nextTransition(Instant.parse("2024-01-01T00:00:00Z"));
            for (int i = 0; i < 4 && change != null; i++) {
                for (int n = 0; n < 25; n++) {
                    String expression = expression(random);
                    Instant from = change.getInstant().minusSeconds(12 * 3600);
                    Instant until = change.getInstant().plusSeconds(12 * 3600);
                    assertThat(between(expression, zone, from.toString(), until.toString()))
                            .as("seed %s: %s in %s around %s", seed, expression, zone, change)
                            .isEqualTo(expected(Cron.parse(expression), zone, from, until));
                }
                change = rules.nextTransition(change.getInstant());
            }
        }
    }

    private static List<String> expected(Cron cron, String zone, Instant from, Instant until) {
        ZoneRules rules = ZoneId.of(zone).getRules();
        TreeSet<Instant> instants = new TreeSet<>();
        if (cron.everyHour()) {
            for (Instant i = from.plusSeconds(60); !i.isAfter(until); i = i.plusSeconds(60)) {
                if (meant(cron, LocalDateTime.ofInstant(i, rules.getOffset(i)))) {
                    instants.add(i);
                }
            }
        } else {
            LocalDateTime end = LocalDateTime.ofInstant(until, ZoneOffset.UTC).plusDays(1);
            LocalDateTime start = LocalDateTime.ofInstant(from, ZoneOffset.UTC).minusDays(1);
            for (LocalDateTime local = start; local.isBefore(end); local = local.plusMinutes(1)) {
                if (meant(cron, local)) {
                    List<ZoneOffset> offsets = rules.getValidOffsets(local);
                    Instant instant = offsets.isEmpty()
                            ? rules.getTransition(local).getInstant()
                            : local.toInstant(offsets.getFirst());
                    if (instant.isAfter(from) && !instant.isAfter(until)) {
                        instants.add(instant);
                    }
                }
            }
        }
        return instants.stream()
                .map(each -> each.atZone(ZoneId.of(zone)).toOffsetDateTime().toString())
                .toList();
    }

    private static boolean meant(Cron cron, LocalDateTime local) {
        return local.equals(cron.nextOrSame(local));
    }

    private static String expression(Random random) {
        String minute = List.of("0", "30", "*/15", "*/7", "5,25,59", "*").get(random.nextInt(6));
        String hour = List.of("*", "2", "0", "1-3", "*/2", "23", "0-23", "1,2").get(random.nextInt(8));
        return minute + " " + hour + " * * *";
    }
}
