package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.task.Task;
import dev.muster.task.TaskContext;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// Tasks that are steered from outside. Each start leaves a line in the ledger `tasks`.
public final class Steered {
    private static volatile long spins;

    private Steered() {}

    public static void main(String[] args) {
        Muster.run(Steered.class, args);
    }

    @Task(name = "note")
    public static void note(String text) {
        Ledger.note("tasks", text);
    }

    @Task(name = "sum")
    public static Map<String, Integer> sum(int a, int b) {
        Ledger.note("tasks", "sum");
        return Map.of("sum", a + b);
    }

    /// Tells how far it is, and ends when it is interrupted.
    @Task(name = "wait", attempts = 5)
    public static void await(TaskContext task) throws InterruptedException {
        Ledger.note("tasks", "wait");
        // First: whoever sees the progress may cancel, and the interrupt may come before this method is told of it.
        task.onCancel(() -> Ledger.note("tasks", "asked to end"));
        try {
            task.progress(Map.of("percent", 42));
            new CountDownLatch(1).await();
        } finally {
            Ledger.note("tasks", "cancelled " + task.cancelled());
        }
    }

    /// Hears nothing.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    @Task(name = "spin", attempts = 5)
    public static void spin() {
        Ledger.note("tasks", "spin");
        while (spins >= 0) {
            spins++;
        }
    }
}
