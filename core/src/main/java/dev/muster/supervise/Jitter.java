package dev.muster.supervise;

/// Numbers that look random and depend on their input only.
final class Jitter {
    private Jitter() {}

    /// From 0 (inclusive) to 1 (exclusive): the output function of SplitMix64.
    static double of(long number) {
        long z = number;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1.0p-53;
    }

    /// A limit moved by at most a fifth, always the same way for the same process: processes that started together
    /// do not end together. 0 stays 0.
    static long spread(long limit, int life) {
        double move = (of(life * 0x9E3779B97F4A7C15L) - 0.5) * 0.4;
        return limit + (long) (limit * move);
    }
}
