package dev.muster.schedule;

import java.util.List;
import java.util.Locale;

/// One field of a cron expression: which values it can have, and how it is read.
///
/// @param name for people
/// @param min the lowest value
/// @param max the highest value; at most 63
/// @param end where `*` and open ranges end
/// @param names words for values, the first for `min`; empty if it has none
record CronField(String name, int min, int max, int end, List<String> names) {
    static final CronField SECOND = new CronField("second", 0, 59, 59, List.of());
    static final CronField MINUTE = new CronField("minute", 0, 59, 59, List.of());
    static final CronField HOUR = new CronField("hour", 0, 23, 23, List.of());
    static final CronField DAY = new CronField("day of the month", 1, 31, 31, List.of());
    static final CronField MONTH = new CronField(
            "month",
            1,
            12,
            12,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));
    /// 0 and 7 are both Sunday, as everywhere.
    static final CronField WEEKDAY =
            new CronField("day of the week", 0, 7, 6, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    /// The bits of all values.
    long all() {
        return range(min, end, 1);
    }

    /// Reads a field: a list of `*`, `5`, `1-5`, each with or without `/STEP`.
    ///
    /// @return a bit for each value
    /// @throws IllegalArgumentException what is wrong with it, and what is legal
    long parse(String text) {
        long bits = 0;
        for (String part : text.split(",", -1)) {
            bits |= part(part);
        }
        return bits;
    }

    private long part(String part) {
        int slash = part.indexOf('/');
        String range = slash < 0 ? part : part.substring(0, slash);
        int step = slash < 0 ? 1 : step(part.substring(slash + 1));
        if (range.equals("*")) {
            return range(min, end, step);
        }
        int dash = range.indexOf('-');
        if (dash < 0) {
            int value = value(range);
            return range(value, slash < 0 ? value : end, step);
        }
        int from = value(range.substring(0, dash));
        int to = value(range.substring(dash + 1));
        // As the end of a range Sunday is the last day.
        if (to < from && to == 0 && max > end) {
            to = max;
        }
        if (from > to) {
            throw new IllegalArgumentException("the range " + range + " of the " + name
                    + " runs backwards; write it in two, such as " + from + "-" + end + "," + min + "-" + to);
        }
        return range(from, to, step);
    }

    private int step(String text) {
        int step = number(text);
        if (step < 1 || step > max) {
            throw new IllegalArgumentException(
                    "the step '" + text + "' of the " + name + " must be a number from 1 to " + max);
        }
        return step;
    }

    private int value(String text) {
        int word = names.indexOf(text.toUpperCase(Locale.ROOT));
        int value = word >= 0 ? min + word : number(text);
        if (value < min || value > max) {
            String words = names.isEmpty() ? "" : " or " + names.getFirst() + " to " + names.getLast();
            throw new IllegalArgumentException(
                    "the " + name + " '" + text + "' must be *, or from " + min + " to " + max + words);
        }
        return value;
    }

    /// The number, -1 if it is none.
    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 4;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits ? Integer.parseInt(text) : -1;
    }

    private static long range(int from, int to, int step) {
        long bits = 0;
        for (int value = from; value <= to; value += step) {
            bits |= 1L << value;
        }
        return bits;
    }
}
