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

    static Rates of(List<Drained> drained) {
        Rates rates = new Rates();
        drained.forEach(one -> rates.add(one.tasks(), one.nanos()));
        return rates;
    }

    void add(long units, long nanos) {
        boolean _ = perSecond.add(units * SECOND / nanos);
    }

    double median() {
        return perSecond.stream().sorted().toList().get(perSecond.size() / 2);
    }

    /// How many times as fast as others that were measured in turns with these: the median of the single ratios.
    double times(Rates others) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < perSecond.size(); i++) {
            boolean _ = ratios.add(perSecond.get(i) / others.perSecond.get(i));
        }
        return ratios.stream().sorted().toList().get(ratios.size() / 2);
    }

    /// The median, and between what the others lie.
    @Override
    public String toString() {
        List<Double> sorted = perSecond.stream().sorted().toList();
        return String.format(Locale.ROOT, "%.0f tasks/s (%.0f to %.0f)", median(), sorted.getFirst(), sorted.getLast());
    }
}
