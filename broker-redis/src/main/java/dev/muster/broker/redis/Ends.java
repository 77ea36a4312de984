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
    /// A script that ends more keeps all others waiting for longer than a millisecond.
    private static final int CHUNK = 128;

    private final List<List<String>> ends = new ArrayList<>();

    int size() {
        return ends.size();
    }

    void done(Claim claim, String result, Duration keep) {
        add("DONE", claim, "", result, Long.toString(millis(keep)));
    }

    void back(Claim claim) {
        add("BACK", claim, "");
    }

    void tail(Claim claim, TaskFate.Tail tail, String line) {
        String times = Objects.requireNonNullElse(tail.crashTimes(), "");
        add("TAIL", claim, line, Integer.toString(tail.crashes()), times, tail.alone() ? "1" : "0");
    }

    void again(Claim claim, String payload, Duration delay, String line) {
        add("AGAIN", claim, line, payload, Long.toString(millis(delay)));
    }

    void snooze(Claim claim, Duration delay, String line) {
        add("SNOOZE", claim, line, Long.toString(millis(delay)));
    }

    /// @param crashes empty for as many as before
    void bury(Claim claim, DeadReason reason, String detail, String line, String crashes) {
        String spends = reason.spendsAttempt() ? "1" : "0";
        add("BURY", claim, line, reason.name(), TaskHistory.detail(detail), spends, crashes);
    }

    private static long millis(Duration time) {
        return time.isZero() || time.isNegative() ? 0 : Math.max(1, time.toMillis());
    }

    private void add(String what, Claim claim, String line, String... more) {
        List<String> end = new ArrayList<>(4 + more.length);
        end.add(what);
        end.add(claim.id());
        end.add(Long.toString(claim.token()));
        end.add(line);
        end.addAll(List.of(more));
        ends.add(end);
    }

    /// What became of them.
    ///
    /// @param stale the numbers, from 0, of those whose tokens were stale
    /// @param cancelled of those that were buried, whatever was meant for them, because they had been cancelled
    record Result(List<Integer> stale, List<Integer> cancelled) {}

    /// Has them carried out, in the order in which they were added.
    Result send(Server server, String queue, String what) {
        Result result = new Result(new ArrayList<>(), new ArrayList<>());
        for (int from = 0; from < ends.size(); from += CHUNK) {
            List<String> arguments = new ArrayList<>(List.of(Cancelling.line(), Cancelling.RUNNING));
            ends.subList(from, Math.min(ends.size(), from + CHUNK)).forEach(arguments::addAll);
            List<?> numbers = (List<?>) server.run(what, Script.APPLY, queue, arguments);
            add(result.stale, numbers.get(0), from);
            add(result.cancelled, numbers.get(1), from);
        }
        return result;
    }

    private static void add(List<Integer> all, Object numbers, int before) {
        ((List<?>) numbers).forEach(number -> all.add(before + ((Long) number).intValue() - 1));
    }
}
