package dev.muster.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measured durations.
///
/// **Threads:** one.
final class Samples {
    private static final double NANOS_A_MILLI = 1e6;

    private final List<Long> nanos = new ArrayList<>();

    void add(long duration) {
        boolean _ = nanos.add(duration);
    }

    int size() {
        return nanos.size();
    }

    /// The smallest sample that so large a part of all is not above (nearest rank), in nanoseconds; 0 if there is
    /// none.
    ///
    /// @param part 0 to 1
    long quantile(double part) {
        if (nanos.isEmpty()) {
            return 0;
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        int rank = (int) Math.ceil(part * sorted.size());
        return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
    }

    /// The same in whole milliseconds, as text.
    String millis(double part) {
        return text(quantile(part));
    }

    /// Median, 99 of 100 and the worst, in milliseconds with three decimals.
    String precise() {
        return String.format(
                Locale.ROOT,
                "p50 %.3f ms, p99 %.3f ms, worst %.3f ms",
                quantile(0.5) / NANOS_A_MILLI,
                quantile(0.99) / NANOS_A_MILLI,
                quantile(1) / NANOS_A_MILLI);
    }

    /// In whole milliseconds.
    static String text(long duration) {
        return String.format(Locale.ROOT, "%.0f", duration / NANOS_A_MILLI);
    }
}
