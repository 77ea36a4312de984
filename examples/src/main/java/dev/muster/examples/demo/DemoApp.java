package dev.muster.examples.demo;

import dev.muster.Muster;

/// The application of `muster demo`: web workers, six user processes and a pool of four task workers.
public final class DemoApp {
    private DemoApp() {}

    public static void main(String[] args) {
        Muster.run(DemoApp.class, args);
    }
}
