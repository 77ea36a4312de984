package dev.muster.supervise;

/// A token bucket that spreads storms of restarts: one burst of all slots, then a number a second. Immutable.
///
/// @param tokens how many may be spawned now
/// @param burst the most that are ever saved up
/// @param perSecond how many are added each second
/// @param at the instant for which `tokens` holds
record SpawnBudget(double tokens, double burst, double perSecond, long at) {
    private static final double NANOS = 1e9;

    static SpawnBudget full(int slots, int processors, long now) {
        return new SpawnBudget(slots, slots, Math.max(2, processors), now);
    }

    SpawnBudget refilled(long now) {
        if (now <= at) {
            return this;
        }
        return new SpawnBudget(Math.min(burst, tokens + (now - at) * perSecond / NANOS), burst, perSecond, now);
    }

    /// The same for another number of slots; what was added may be spawned at once.
    SpawnBudget forSlots(int slots) {
        double more = Math.max(0, slots - burst);
        return new SpawnBudget(tokens + more, slots, perSecond, at);
    }

    boolean available() {
        return tokens >= 1;
    }

    SpawnBudget taken() {
        return new SpawnBudget(tokens - 1, burst, perSecond, at);
    }

    /// Nanoseconds until one token is there, at least 1.
    long untilNext() {
        return Math.max(1, (long) Math.ceil((1 - tokens) * NANOS / perSecond));
    }
}
