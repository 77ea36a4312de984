package dev.muster.broker.redis;

import dev.muster.task.Broker.Claim;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskFate;
import dev.muster.task.TaskHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Ends of claims of one queue, collected for `apply.lua`, which says what each value means.
///
/// **Threads:** one.
final class Ends {
    private static final int VALUES = 9;
    private static final int CHUNK = 500;

    private final List<String> arguments = new ArrayList<>();

    int size() {
        return arguments.size() / VALUES;
    }

    /// @param refused for the history of its task if the token is stale; empty for nothing
    void done(Claim claim, String refused) {
        add("DONE", claim, refused, "", "", "", "", "");
    }

    void back(Claim claim) {
        add("BACK", claim, "", "", "", "", "", "");
    }

    void tail(Claim claim, TaskFate.Tail tail, String line) {
        add(
                "TAIL",
                claim,
                "",
                Integer.toString(tail.crashes()),
                Objects.requireNonNullElse(tail.crashTimes(), ""),
                tail.alone() ? "1" : "0",
                line,
                "");
    }

    void again(Claim claim, String refused, String payload, Duration delay, String line) {
        add("AGAIN", claim, refused, payload, Long.toString(millis(delay)), line, "", "");
    }

    void snooze(Claim claim, String refused, Duration delay, String line) {
        add("SNOOZE", claim, refused, Long.toString(millis(delay)), line, "", "", "");
    }

    private static long millis(Duration delay) {
        return delay.isZero() || delay.isNegative() ? 0 : Math.max(1, delay.toMillis());
    }

    /// @param crashes empty for as many as before
    void bury(Claim claim, String refused, DeadReason reason, String detail, String line, String crashes) {
        String spends = reason.spendsAttempt() ? "1" : "0";
        add("BURY", claim, refused, reason.name(), TaskHistory.detail(detail), line, spends, crashes);
    }

    private void add(
            String what,
            Claim claim,
            String refused,
            String first,
            String second,
            String third,
            String fourth,
            String fifth) {
        arguments.addAll(
                List.of(what, claim.id(), Long.toString(claim.token()), refused, first, second, third, fourth, fifth));
    }

    /// Has them carried out, in the order in which they were added.
    ///
    /// @return the numbers, from 0, of those whose tokens were stale
    List<Integer> send(Server server, String queue, String what) {
        List<Integer> stale = new ArrayList<>();
        for (int from = 0; from < arguments.size(); from += VALUES * CHUNK) {
            int to = Math.min(arguments.size(), from + VALUES * CHUNK);
            List<?> numbers = (List<?>) server.run(what, Script.APPLY, queue, arguments.subList(from, to));
            for (Object number : numbers) {
                stale.add(from / VALUES + ((Long) number).intValue() - 1);
            }
        }
        return stale;
    }
}
