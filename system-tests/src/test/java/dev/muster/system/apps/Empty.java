package dev.muster.system.apps;

import dev.muster.Muster;

/// Declares nothing.
public final class Empty {
    private Empty() {}

    public static void main(String[] args) {
        Muster.run(Empty.class, args);
    }
}
