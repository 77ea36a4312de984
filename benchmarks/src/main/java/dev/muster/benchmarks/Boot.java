package dev.muster.benchmarks;

/// How a process comes that takes the place of another.
enum Boot {
    /// It waits already, booted.
    SPARE("spare"),
    /// It starts, with a cache of the JVM.
    CACHE("cache"),
    /// It starts, without one.
    COLD("no-cache");

    private final String word;

    Boot(String word) {
        this.word = word;
    }

    boolean cached() {
        return this != COLD;
    }

    @Override
    public String toString() {
        return word;
    }
}
