package dev.muster.worker;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/// The bytes of one log record on the pipe to the master; everything else on the pipe is what the user printed.
///
/// ```
/// 1E  channel  1F  text  1E 0A
/// ```
///
/// The channel is empty or the name of an exception channel. The text may have many lines and begins with the instant
/// of the event. See docs/protocol/log-pipe.md.
final class RecordFrame {
    private static final char START = '\u001e';
    private static final char SEPARATOR = '\u001f';
    private static final int LONGEST_CHANNEL = 64;
    private static final long DAY_MILLIS = 86_400_000L;

    private RecordFrame() {}

    /// Begins a record; its text follows.
    static void begin(StringBuilder record, String channel) {
        record.append(START).append(channel).append(SEPARATOR);
    }

    /// Ends a record and returns its bytes. What could be taken for a frame inside of it is replaced by its
    /// picture.
    static byte[] end(StringBuilder record) {
        int text = record.indexOf(String.valueOf(SEPARATOR)) + 1;
        for (int i = text; i < record.length(); i++) {
            char c = record.charAt(i);
            if (c == START || c == SEPARATOR) {
                record.setCharAt(i, (char) (c + 0x2400));
            }
        }
        return record.append(START).append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Whether records can be routed by this name: it names a file.
    static boolean isChannel(String name) {
        if (name.isEmpty() || name.length() > LONGEST_CHANNEL) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean legal =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
            if (!legal) {
                return false;
            }
        }
        return true;
    }

    /// Appends `2026-11-23T12:00:00.123Z`, in UTC, always with milliseconds.
    static void instant(StringBuilder record, long epochMillis) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochMillis, DAY_MILLIS));
        int millis = (int) Math.floorMod(epochMillis, DAY_MILLIS);
        record.append(date).append('T');
        digits(record, millis / 3_600_000, 2).append(':');
        digits(record, millis / 60_000 % 60, 2).append(':');
        digits(record, millis / 1000 % 60, 2).append('.');
        digits(record, millis % 1000, 3).append('Z');
    }

    /// Appends `key=value`, the value in quotes if it would not be one word.
    static void pair(StringBuilder record, String key, String value) {
        record.append(' ').append(key).append('=');
        if (isWord(value)) {
            record.append(value);
            return;
        }
        record.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> record.append("\\\"");
                case '\\' -> record.append("\\\\");
                case '\n' -> record.append("\\n");
                case '\r' -> record.append("\\r");
                default -> record.append(c);
            }
        }
        record.append('"');
    }

    private static boolean isWord(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == '=' || c == '\\') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    private static StringBuilder digits(StringBuilder record, int value, int width) {
        for (int bound = width == 3 ? 100 : 10; bound > 1 && value < bound; bound /= 10) {
            record.append('0');
        }
        return record.append(value);
    }
}
