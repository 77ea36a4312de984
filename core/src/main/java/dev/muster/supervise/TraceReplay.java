package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;

/// Plays a recorded history through the supervisor, for reports of faults: a trace of a master (`-Dmuster.trace=FILE`)
/// must lead to the decisions that it holds.
///
/// **Threads:** any. **Failure:** a line that no master has written is an `IllegalArgumentException`.
public final class TraceReplay {
    private TraceReplay() {}

    /// Where the decisions differ from those in the trace, one sentence each; empty if nowhere.
    ///
    /// @param trace all lines of it
    public static List<String> differences(List<String> trace) {
        List<String> differences = new ArrayList<>();
        SupervisorState state = Trace.begin(trace.getFirst());
        List<String> expected = new ArrayList<>();
        String event = "";
        List<String> decided = List.of();
        for (String line : trace.subList(1, trace.size())) {
            if (!Trace.isEvent(line)) {
                expected.add(line);
                continue;
            }
            compare(event, expected, decided, differences);
            event = line;
            Decision decision = Supervisor.decide(state, Trace.event(line));
            state = decision.state();
            decided = decision.effects().stream().map(Trace::line).toList();
            expected = new ArrayList<>();
        }
        compare(event, expected, decided, differences);
        return differences;
    }

    private static void compare(String event, List<String> expected, List<String> decided, List<String> differences) {
        if (!expected.equals(decided)) {
            differences.add(
                    "after [" + event + "] the trace has " + expected + " and the supervisor decides " + decided);
        }
    }
}
