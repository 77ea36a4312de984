package dev.muster.broker.sqlite;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The history of a task as it lies in its column: one line for each event, the first and the last ten of them.
final class History {
    private static final int ENDS = 10;
    private static final int LINE = 1000;
    private static final String GAP = "... lines left out: ";

    private History() {}

    /// The history with one more line.
    static String with(@Nullable String history, long epochMillis, String line) {
        List<String> lines = new ArrayList<>(lines(history));
        lines.add(Instant.ofEpochMilli(epochMillis) + " "
                + cut(line, LINE).replace('\n', ' ').replace('\r', ' '));
        int leftOut = 0;
        if (lines.size() > ENDS && lines.get(ENDS).startsWith(GAP)) {
            leftOut = Integer.parseInt(lines.remove(ENDS).substring(GAP.length()));
        }
        while (lines.size() > 2 * ENDS) {
            String _ = lines.remove(ENDS);
            leftOut++;
        }
        if (leftOut > 0) {
            lines.add(ENDS, GAP + leftOut);
        }
        return String.join("\n", lines);
    }

    static List<String> lines(@Nullable String history) {
        return history == null || history.isEmpty() ? List.of() : List.of(history.split("\n"));
    }

    /// The text, or so much of it as fits, saying how much was left out.
    static String cut(String text, int limit) {
        return text.length() <= limit
                ? text
                : text.substring(0, limit) + "... (" + (text.length() - limit) + " more characters)";
    }
}
