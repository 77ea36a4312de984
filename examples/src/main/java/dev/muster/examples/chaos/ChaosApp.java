package dev.muster.examples.chaos;

import dev.muster.Muster;

/// The application of `muster chaos`: a pool, task workers and two user processes.
public final class ChaosApp {
    private ChaosApp() {}

    public static void main(String[] args) {
        Muster.run(ChaosApp.class, args);
    }
}
