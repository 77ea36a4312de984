package dev.muster.memory;

import java.util.Locale;

/// What a region holds. The codes stand in files and never change.
enum RegionKind {
    TABLE(1),
    COUNTER(2),
    LOCK(3),
    CHANNEL(4);

    private final int code;

    RegionKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /// In names of files and in messages.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
