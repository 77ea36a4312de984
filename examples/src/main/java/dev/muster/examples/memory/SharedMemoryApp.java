package dev.muster.examples.memory;

import dev.muster.Muster;

/// The application of `muster run shared-memory`.
public final class SharedMemoryApp {
    private SharedMemoryApp() {}

    public static void main(String[] args) {
        Muster.run(SharedMemoryApp.class, args);
    }
}
