package dev.muster.benchmarks;

import java.util.List;

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

    /// The one with this word.
    static Boot of(String word) {
        for (Boot boot : values()) {
            if (boot.word.equals(word)) {
                return boot;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is no boot; there are: " + List.of(values()));
    }

    boolean cached() {
        return this != COLD;
    }

    @Override
    public String toString() {
        return word;
    }
}
