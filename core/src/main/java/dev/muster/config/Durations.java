package dev.muster.config;

import java.util.OptionalLong;

/// Durations as people write them: `200ms`, `5s`, `1m`, `2h`, or plain milliseconds.
public final class Durations {
    /// The form in words, to follow "must be" in an error.
    public static final String LEGAL = "a duration such as 200ms, 5s, 1m or 2h, or plain milliseconds";

    /// The longest duration that a key or an annotation may have: 365 days, so that sums of instants never
    /// overflow.
    public static final long MAX_MILLIS = 365L * 24 * 3_600_000;

    private Durations() {}

    /// Reads a duration.
    ///
    /// @return milliseconds from 0 up, or empty if the text has another form or is too long for a `long`
    public static OptionalLong parse(String text) {
        int digits = digits(text);
        long unit = switch (text.substring(digits)) {
            case "", "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 0;
        };
        return times(text, digits, unit);
    }

    /// The duration in its largest whole unit, for example `5s` for 5,000.
    public static String text(long millis) {
        if (millis == 0 || millis % 1_000 != 0) {
            return millis + "ms";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        return millis % 60_000 == 0 ? millis / 60_000 + "m" : millis / 1_000 + "s";
    }

    /// The number of decimal digits at the beginning.
    static int digits(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    /// The leading digits times the unit, empty if there are none, if the unit is 0, or if it does not fit.
    static OptionalLong times(String text, int digits, long unit) {
        if (digits == 0 || unit == 0) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Math.multiplyExact(Long.parseLong(text, 0, digits, 10), unit));
        } catch (NumberFormatException | ArithmeticException _) {
            return OptionalLong.empty();
        }
    }
}
