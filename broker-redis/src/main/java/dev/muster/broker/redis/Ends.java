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
    void done(Claim claim, String refused, String result, Duration keep) {
        add("DONE", claim, refused, "", result, Long.toString(millis(keep)), "", "");
    }

    void back(Claim claim) {
        add("BACK", claim, "", "", "", "", "", "");
    }

    void tail(Claim claim, TaskFate.Tail tail, String line) {
        String times = Objects.requireNonNullElse(tail.crashTimes(), "");
        add("TAIL", claim, "", line, Integer.toString(tail.crashes()), times, tail.alone() ? "1" : "0", "");
    }

    void again(Claim claim, String refused, String payload, Duration delay, String line) {
        add("AGAIN", claim, refused, line, payload, Long.toString(millis(delay)), "", "");
    }

    void snooze(Claim claim, String refused, Duration delay, String line) {
        add("SNOOZE", claim, refused, line, Long.toString(millis(delay)), "", "", "");
    }

    /// @param crashes empty for as many as before
    void bury(Claim claim, String refused, DeadReason reason, String detail, String line, String crashes) {
        String spends = reason.spendsAttempt() ? "1" : "0";
        add("BURY", claim, refused, line, reason.name(), TaskHistory.detail(detail), spends, crashes);
    }

    private static long millis(Duration time) {
        return time.isZero() || time.isNegative() ? 0 : Math.max(1, time.toMillis());
    }

    private void add(
            String what,
            Claim claim,
            String refused,
            String line,
            String first,
            String second,
            String third,
            String fourth) {
        arguments.addAll(
                List.of(what, claim.id(), Long.toString(claim.token()), refused, line, first, second, third, fourth));
    }

    /// What became of them.
    ///
    /// @param stale the numbers, from 0, of those whose tokens were stale
    /// @param cancelled of those that were buried, whatever was meant for them, because they had been cancelled
    record Result(List<Integer> stale, List<Integer> cancelled) {}

    /// Has them carried out, in the order in which they were added.
    Result send(Server server, String queue, String what) {
        Result result = new Result(new ArrayList<>(), new ArrayList<>());
        for (int from = 0; from < arguments.size(); from += VALUES * CHUNK) {
            int to = Math.min(arguments.size(), from + VALUES * CHUNK);
            List<String> some = new ArrayList<>(List.of(Cancelling.line(), Cancelling.RUNNING));
            some.addAll(arguments.subList(from, to));
            List<?> numbers = (List<?>) server.run(what, Script.APPLY, queue, some);
            add(result.stale, numbers.get(0), from / VALUES);
            add(result.cancelled, numbers.get(1), from / VALUES);
        }
        return result;
    }

    private static void add(List<Integer> all, Object numbers, int before) {
        ((List<?>) numbers).forEach(number -> all.add(before + ((Long) number).intValue() - 1));
    }
}
