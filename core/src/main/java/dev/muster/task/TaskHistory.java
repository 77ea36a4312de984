package dev.muster.task;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The history of a task, for all brokers: one line for each event, the first and the last ten of them.
public final class TaskHistory {
    /// How many lines are kept from the beginning, and how many from the end.
    public static final int ENDS = 10;

    /// Begins the line that stands for those in the middle; their number follows.
    public static final String GAP = "... lines left out: ";

    /// What is said of a dead letter that somebody has tried again.
    public static final String MENDED = "made ready again by hand, with fresh budgets";

    /// What is said of a task that somebody has cancelled.
    public static final String CANCELLED = "cancelled";

    /// Begins what is said of a task that put itself off. Of several such lines in a row only the last one is kept.
    public static final String SNOOZED = "snoozed";

    /// Longest detail of a dead letter, in characters.
    private static final int DETAIL = 16 << 10;

    private static final int LINE = 1000;

    private TaskHistory() {}

    /// A line as it is kept.
    public static String line(long epochMillis, String text) {
        return Instant.ofEpochMilli(epochMillis) + " "
                + cut(text, LINE).replace('\n', ' ').replace('\r', ' ');
    }

    /// What is said of an attempt that failed and is not the last.
    public static String failed(Outcome.Retry retry) {
        return "attempt " + (retry.claim().attempts() + 1) + " failed: " + retry.error() + "; again in "
                + retry.delay().toMillis() + " ms";
    }

    /// What is said of a task that put itself off.
    public static String snoozed(Outcome.Snooze snooze) {
        return SNOOZED + ", again in " + snooze.delay().toMillis() + " ms"
                + (snooze.why().isEmpty() ? "" : ": " + snooze.why());
    }

    /// What is said of an attempt that ends the task.
    public static String ended(Claim claim) {
        return "attempt " + (claim.attempts() + 1) + " ended it";
    }

    /// What is said of a task that becomes a dead letter.
    ///
    /// @param event what happened
    public static String dead(String event, DeadReason reason, String detail) {
        int end = detail.indexOf('\n');
        return event + ", dead: " + reason + ": " + (end < 0 ? detail : detail.substring(0, end));
    }

    /// What is said of an outcome that comes too late.
    public static String refused(Outcome outcome) {
        return "a late outcome was refused: " + outcome.getClass().getSimpleName() + " under the token "
                + outcome.claim().token();
    }

    /// The detail of a dead letter as it is kept.
    public static String detail(String text) {
        return cut(text, DETAIL);
    }

    /// The history with one more line.
    ///
    /// @param history lines, null for none
    public static String with(@Nullable String history, long epochMillis, String line) {
        List<String> lines = new ArrayList<>(lines(history));
        if (line.startsWith(SNOOZED) && !lines.isEmpty() && snoozed(lines.getLast())) {
            String _ = lines.removeLast();
        }
        lines.add(line(epochMillis, line));
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

    /// Whether a line, which begins with its instant, says that the task put itself off.
    private static boolean snoozed(String line) {
        return line.startsWith(SNOOZED, line.indexOf(' ') + 1);
    }

    /// The history line by line.
    public static List<String> lines(@Nullable String history) {
        return history == null || history.isEmpty() ? List.of() : List.of(history.split("\n"));
    }

    /// The text, or so much of it as fits, saying how much was left out.
    private static String cut(String text, int limit) {
        return text.length() <= limit
                ? text
                : text.substring(0, limit) + "... (" + (text.length() - limit) + " more characters)";
    }
}
