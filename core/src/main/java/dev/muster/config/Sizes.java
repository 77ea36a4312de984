package dev.muster.config;

import java.util.Locale;
import java.util.OptionalLong;

/// Sizes as people write them: `64MiB`, `10MB`, `1024`. `KiB MiB GiB` are powers of 1,024, `KB MB GB` of 1,000; case
/// does not matter.
final class Sizes {
    static final String LEGAL = "a size such as 64MiB, 10MB or plain bytes";

    private Sizes() {}

    /// Reads a size.
    ///
    /// @return bytes, or empty if the text has another form or is too large for a `long`
    static OptionalLong parse(String text) {
        int digits = Durations.digits(text);
        long unit = switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1;
            case "kb" -> 1_000;
            case "mb" -> 1_000_000;
            case "gb" -> 1_000_000_000;
            case "kib" -> 1L << 10;
            case "mib" -> 1L << 20;
            case "gib" -> 1L << 30;
            default -> 0;
        };
        return Durations.times(text, digits, unit);
    }

    /// The size in its largest whole binary unit.
    static String text(long bytes) {
        String[] units = {"", "KiB", "MiB", "GiB"};
        int unit = 0;
        while (unit < 3 && bytes > 0 && bytes % 1_024 == 0) {
            bytes /= 1_024;
            unit++;
        }
        return bytes + units[unit];
    }
}
