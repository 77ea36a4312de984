package dev.muster.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CronTest {
    private static final LocalDateTime SUNDAY = LocalDateTime.parse("2026-03-01T00:00:00");

    private static List<String> first(int count, String expression) {
        List<String> times = new ArrayList<>();
        Cron cron = Cron.parse(expression);
        LocalDateTime time = cron.nextOrSame(SUNDAY);
        for (int i = 0; i < count; i++) {
            times.add(time.toString());
            time = cron.nextOrSame(time.plusSeconds(1));
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0 3 * * *         | 2026-03-01T03:00 2026-03-02T03:00
        */20 8-9 * * *    | 2026-03-01T08:00 2026-03-01T08:20 2026-03-01T08:40 2026-03-01T09:00 2026-03-01T09:20
        5/25 0 * * *      | 2026-03-01T00:05 2026-03-01T00:30 2026-03-01T00:55 2026-03-02T00:05
        0 0 29 2 *        | 2028-02-29T00:00 2032-02-29T00:00
        0 0 31 * *        | 2026-03-31T00:00 2026-05-31T00:00 2026-07-31T00:00
        0 12 * * mon-FRI  | 2026-03-02T12:00 2026-03-03T12:00
        0 12 * jan,MAR 7  | 2026-03-01T12:00 2026-03-08T12:00
        0 12 * * 0        | 2026-03-01T12:00 2026-03-08T12:00
        0 12 * * SAT-SUN  | 2026-03-01T12:00 2026-03-07T12:00 2026-03-08T12:00
        0 0 * * */2       | 2026-03-01T00:00 2026-03-03T00:00 2026-03-05T00:00 2026-03-07T00:00 2026-03-08T00:00
        59 23 31 12 *     | 2026-12-31T23:59 2027-12-31T23:59
        10,5 1 1 4 *      | 2026-04-01T01:05 2026-04-01T01:10 2027-04-01T01:05
        15 30 7 * * *     | 2026-03-01T07:30:15 2026-03-02T07:30:15
        */20 59 23 * * *  | 2026-03-01T23:59 2026-03-01T23:59:20 2026-03-01T23:59:40 2026-03-02T23:59
        @yearly           | 2027-01-01T00:00 2028-01-01T00:00
        @monthly          | 2026-03-01T00:00 2026-04-01T00:00
        @weekly           | 2026-03-01T00:00 2026-03-08T00:00
        @daily            | 2026-03-01T00:00 2026-03-02T00:00
        @midnight         | 2026-03-01T00:00 2026-03-02T00:00
        @hourly           | 2026-03-01T00:00 2026-03-01T01:00
        """)
    void meansTheseTimes(String expression, String expected) {
        List<String> times = List.of(expected.split(" +"));
        assertThat(first(times.size(), expression)).isEqualTo(times);
    }

    @Test
    void takesEitherDayFieldIfBothAreRestricted() {
        assertThat(first(4, "0 0 13 * 5"))
                .containsExactly("2026-03-06T00:00", "2026-03-13T00:00", "2026-03-20T00:00", "2026-03-27T00:00");
        assertThat(first(3, "0 0 2,3 * 1")).containsExactly("2026-03-02T00:00", "2026-03-03T00:00", "2026-03-09T00:00");
        // A field that begins with * restricts nothing, so both must match: even days that are Mondays.
        assertThat(first(2, "0 0 2-31/2 * *")).containsExactly("2026-03-02T00:00", "2026-03-04T00:00");
        assertThat(first(2, "0 0 */2 * 1")).containsExactly("2026-03-09T00:00", "2026-03-23T00:00");
    }

    @ParameterizedTest
    @CsvSource({"* * * * *,true", "0 0-23 * * *,true", "@hourly,true", "0 */2 * * *,false", "@daily,false"})
    void knowsWhetherItMeansEveryHour(String expression, boolean everyHour) {
        assertThat(Cron.parse(expression).everyHour()).isEqualTo(everyHour);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        60 * * * *      | the minute '60' must be *, or from 0 to 59
        * 24 * * *      | the hour '24' must be *, or from 0 to 23
        * * 0 * *       | the day of the month '0' must be *, or from 1 to 31
        * * * 13 *      | the month '13' must be *, or from 1 to 12 or JAN to DEC
        * * * * 8       | the day of the week '8' must be *, or from 0 to 7 or SUN to SAT
        */0 * * * *     | the step '0' of the minute must be a number from 1 to 59
        */x * * * *     | the step 'x' of the minute must be a number from 1 to 59
        */ * * * *      | the step '' of the minute
        1,,2 * * * *    | the minute '' must be
        1- * * * *      | the minute '' must be
        0 22-4 * * *    | the range 22-4 of the hour runs backwards; write it in two, such as 22-23,0-4
        0 0 L * *       | the day of the month 'L' must be
        0 0 * * 1#2     | the day of the week '1#2' must be
        0 0 ? * *       | the day of the month '?' must be
        -1 * * * *      | the minute '' must be
        99999999999 * * * * | the minute '99999999999' must be
        0 0 31 2,4 *    | it never happens
        * * * *         | this one has 4
        * * * * * * *   | this one has 7
        @reboot         | there is no '@reboot'
        @every 5m       | there is no '@every'
        """)
    void refusesTheRestAndSaysWhatIsLegal(String expression, String why) {
        assertThatThrownBy(() -> Cron.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void refusesNothing(String expression) {
        assertThatThrownBy(() -> Cron.parse(expression)).hasMessageContaining("this one has 0");
    }

    /// The second opinion is asked about times in UTC, where every local time exists once.
    @Test
    void agreesWithAnotherImplementation() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        CronParser others = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        for (int i = 0; i < 400; i++) {
            String expression = expression(random);
            LocalDateTime time = SUNDAY.plusMinutes(random.nextInt(4 * 365 * 24 * 60));
            ExecutionTime other = ExecutionTime.forCron(others.parse(expression));
            Cron ours = parsed(expression);
            if (ours == null) {
                continue;
            }
            for (int step = 0; step < 5; step++) {
                LocalDateTime expected = other.nextExecution(time.atZone(ZoneOffset.UTC))
                        .orElseThrow()
                        .toLocalDateTime();
                time = ours.nextOrSame(time.plusSeconds(1));
                assertThat(time).as("seed %s: %s", seed, expression).isEqualTo(expected);
            }
        }
    }

    /// Null if it never happens.
    private static Cron parsed(String expression) {
        try {
            return Cron.parse(expression);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("it never happens");
            return null;
        }
    }

    private static String expression(Random random) {
        StringJoiner fields = new StringJoiner(" ");
        fields.add(field(random, 0, 59, true));
        fields.add(field(random, 0, 23, true));
        boolean day = random.nextInt(3) == 0;
        boolean week = random.nextInt(3) == 0;
        // The other one takes */2 beside a restricted field for a restriction, crontab(5) does not.
        fields.add(day ? field(random, 1, 31, false) : "*");
        fields.add(random.nextInt(3) == 0 ? field(random, 1, 12, true) : "*");
        fields.add(week ? field(random, 0, 6, false) : "*");
        return fields.toString();
    }

    private static String field(Random random, int min, int max, boolean star) {
        return switch (random.nextInt(star ? 5 : 3)) {
            case 0 -> Integer.toString(min + random.nextInt(max - min + 1));
            case 1 -> {
                int from = min + random.nextInt(max - min);
                yield from + "-" + (from + 1 + random.nextInt(max - from));
            }
            case 2 -> (min + random.nextInt(max - min + 1)) + "," + (min + random.nextInt(max - min + 1));
            case 3 -> "*";
            default -> "*/" + (1 + random.nextInt(max));
        };
    }
}
