package dev.muster.examples.pipe;

import dev.muster.Muster;

/// The application of `muster run pipe-worker`: a user process with a pipe, and a pool whose one worker hears of it.
public final class PipeWorkerApp {
    private PipeWorkerApp() {}

    public static void main(String[] args) {
        Muster.run(PipeWorkerApp.class, args);
    }
}
