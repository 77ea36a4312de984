package dev.muster.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measured throughputs of the same work.
///
/// **Threads:** one.
final class Rates {
    private static final double SECOND = 1e9;

    private final List<Double> perSecond = new ArrayList<>();

    void add(long units, long nanos) {
        boolean _ = perSecond.add(units * SECOND / nanos);
    }

    /// The median, and between what the others lie.
    @Override
    public String toString() {
        List<Double> sorted = perSecond.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%.0f tasks/s (%.0f to %.0f)",
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast());
    }
}
