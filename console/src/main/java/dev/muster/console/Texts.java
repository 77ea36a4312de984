package dev.muster.console;

import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them.
final class Texts {
    private Texts() {}

    /// A duration in its two largest units: `812ms`, `3.4s`, `2m05s`, `3h07m`, `12d4h`; `-` if negative.
    static String duration(long millis) {
        if (millis < 0) {
            return "-";
        }
        Duration duration = Duration.ofMillis(millis);
        if (millis < 1_000) {
            return millis + "ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%d.%ds", millis / 1_000, millis % 1_000 / 100);
        }
        if (millis < 3_600_000) {
            return String.format(Locale.ROOT, "%dm%02ds", duration.toMinutes(), duration.toSecondsPart());
        }
        if (millis < 86_400_000) {
            return String.format(Locale.ROOT, "%dh%02dm", duration.toHours(), duration.toMinutesPart());
        }
        return String.format(Locale.ROOT, "%dd%dh", duration.toDays(), duration.toHoursPart());
    }

    /// A size in whole MiB or KiB; `-` if 0 or negative.
    static String size(long bytes) {
        if (bytes <= 0) {
            return "-";
        }
        return bytes >= 1 << 20 ? (bytes >> 20) + "MiB" : (bytes + 1_023 >> 10) + "KiB";
    }

    /// The text, or `-` for an empty one.
    static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /// At most `limit` characters, with a mark where something is missing.
    static String shortened(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
    }

    /// How a process ended, in two words: `STUCK deadline`, `SIGNAL 9`, `ERROR 3`.
    static String exit(Json exit) {
        if (!exit.has("reason")) {
            return "-";
        }
        String number = exit.number("signal") > 0
                ? " signal " + exit.number("signal")
                : exit.number("code") > 0 ? " code " + exit.number("code") : "";
        String kind = exit.text("kind");
        return exit.text("reason") + (kind.isEmpty() ? "" : " " + kind) + number;
    }
}
