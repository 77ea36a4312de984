package dev.muster.console.chaos;

import java.util.List;

/// What came of a scenario.
///
/// @param nanos how long the recovery took in each trial that went well
/// @param failure what was not as expected; empty if all was
record Result(Scenario scenario, List<Long> nanos, String failure) {
    private static final long MILLI = 1_000_000;

    boolean ok() {
        return failure.isEmpty();
    }

    /// A recovery that so many percent of the trials did not exceed, in milliseconds; -1 if there is none.
    long percentile(int percent) {
        if (nanos.isEmpty()) {
            return -1;
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return Math.ceilDiv(sorted.get(Math.max(0, rank - 1)), MILLI);
    }

    /// One line for people.
    String line() {
        String times = nanos.isEmpty()
                ? "%12s%12s".formatted("-", "-")
                : "%9d ms%9d ms".formatted(percentile(50), percentile(99));
        return "%-7s %-15s %-6s %6d %s  %s%s"
                .formatted(
                        ok() ? "ok" : "FAILED",
                        scenario.name(),
                        scenario.rows(),
                        nanos.size(),
                        times,
                        scenario.fault(),
                        ok() ? "" : ": " + failure.lines().findFirst().orElse(""));
    }

    /// The head of the lines.
    static String head() {
        return "%-7s %-15s %-6s %6s %12s%12s  %s".formatted("", "SCENARIO", "ROWS", "TRIALS", "P50", "P99", "FAULT");
    }
}
