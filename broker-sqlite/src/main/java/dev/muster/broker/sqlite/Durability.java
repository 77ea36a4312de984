package dev.muster.broker.sqlite;

import java.util.Locale;

/// What an accepted task survives.
enum Durability {
    /// A power failure: accepting a task waits for the disk.
    POWER,
    /// The death of every process, but not a power failure in the moments after.
    PROCESS;

    static Durability of(String word) {
        return word.equals("process") ? PROCESS : POWER;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
