package dev.muster.boot;

import dev.muster.worker.WorkerRuntime;

/// The main class of a console process: a child like any other, without a class of the application.
public final class ConsoleProcess {
    private ConsoleProcess() {}

    /// Started by a master only.
    public static void main(String[] args) {
        System.exit(WorkerRuntime.run(ConsoleProcess.class, null));
    }
}
