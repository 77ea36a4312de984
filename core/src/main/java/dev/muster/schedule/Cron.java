package dev.muster.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cron expression: which local times it means. Knows no time zone.
///
/// Five fields as in crontab(5): minute, hour, day of the month, month, day of the week; with six, seconds stand before
/// them. If both day fields are restricted, that is, neither begins with `*`, a day is meant when either matches.
///
/// **Threads:** immutable.
final class Cron {
    /// February 29 on a given day of the week can be 40 years away.
    private static final int HORIZON_YEARS = 50;

    private static final LocalDate SOME_DAY = LocalDate.of(2000, 1, 1);

    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private final long seconds;
    private final long minutes;
    private final long hours;
    private final long days;
    private final long months;
    private final long weekdays;
    /// Whether one matching day field is enough.
    private final boolean eitherDay;

    private Cron(long seconds, String[] fields, int first) {
        this.seconds = seconds;
        minutes = CronField.MINUTE.parse(fields[first]);
        hours = CronField.HOUR.parse(fields[first + 1]);
        days = CronField.DAY.parse(fields[first + 2]);
        months = CronField.MONTH.parse(fields[first + 3]);
        long week = CronField.WEEKDAY.parse(fields[first + 4]);
        weekdays = (week | week >> 7) & 0x7F;
        eitherDay = !fields[first + 2].startsWith("*") && !fields[first + 4].startsWith("*");
    }

    /// Reads an expression.
    ///
    /// @throws IllegalArgumentException what is wrong with it, and what is legal
    static Cron parse(String text) {
        String[] fields = NICKNAMES.getOrDefault(text.strip(), text).strip().split("\\s+", -1);
        if (fields[0].startsWith("@")) {
            throw new IllegalArgumentException("there is no '" + fields[0]
                    + "'; there are @yearly, @monthly, @weekly, @daily and @hourly, and 'every' for intervals");
        }
        if (fields.length != 5 && fields.length != 6) {
            throw new IllegalArgumentException("a cron expression has 5 fields (minute, hour, day of the month, month,"
                    + " day of the week), or 6 with seconds before them; this one has "
                    + (text.isBlank() ? 0 : fields.length));
        }
        Cron cron =
                fields.length == 5 ? new Cron(1, fields, 0) : new Cron(CronField.SECOND.parse(fields[0]), fields, 1);
        if (cron.nextOrSame(SOME_DAY.atStartOfDay()) == null) {
            throw new IllegalArgumentException("it never happens: no such day is in any of its months");
        }
        return cron;
    }

    /// Whether it means every hour of its days, so that it follows the elapsed time; else it names times of the
    /// day.
    boolean everyHour() {
        return hours == CronField.HOUR.all();
    }

    /// The first local time that it means, from this one on; null if there is none within 50 years.
    @Nullable
    LocalDateTime nextOrSame(LocalDateTime from) {
        LocalDateTime whole = from.truncatedTo(ChronoUnit.SECONDS);
        LocalDateTime start = whole.equals(from) ? whole : whole.plusSeconds(1);
        LocalDate end = start.toLocalDate().plusYears(HORIZON_YEARS);
        LocalDate day = start.toLocalDate();
        int second = start.toLocalTime().toSecondOfDay();
        while (!day.isAfter(end)) {
            if (!has(months, day.getMonthValue())) {
                day = day.withDayOfMonth(1).plusMonths(1);
            } else {
                int time = means(day) ? time(second) : -1;
                if (time >= 0) {
                    return day.atTime(LocalTime.ofSecondOfDay(time));
                }
                day = day.plusDays(1);
            }
            second = 0;
        }
        return null;
    }

    private boolean means(LocalDate day) {
        boolean ofMonth = has(days, day.getDayOfMonth());
        boolean ofWeek = has(weekdays, day.getDayOfWeek().getValue() % 7);
        return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    /// The first second of a day that is meant, from this one on; -1 if there is none.
    private int time(int from) {
        int hour = from / 3600;
        int minute = from / 60 % 60;
        int second = next(seconds, from % 60);
        if (second < 0) {
            second = next(seconds, 0);
            minute++;
        }
        int meant = next(minutes, minute);
        if (meant < 0) {
            hour++;
        }
        int ofHour = next(hours, hour);
        if (ofHour < 0) {
            return -1;
        }
        if (ofHour != hour || meant < 0) {
            meant = next(minutes, 0);
            second = next(seconds, 0);
        } else if (meant != minute) {
            second = next(seconds, 0);
        }
        return ofHour * 3600 + meant * 60 + second;
    }

    private static boolean has(long bits, int value) {
        return (bits >> value & 1) != 0;
    }

    /// The first value from this one on, -1 if there is none.
    private static int next(long bits, int from) {
        long left = from > 63 ? 0 : bits >>> from << from;
        return left == 0 ? -1 : Long.numberOfTrailingZeros(left);
    }
}
