package dev.muster.benchmarks;

import dev.muster.Muster;
import dev.muster.task.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The application that is measured: nothing but tasks, which say when they start.
public final class MeasuredApp {
    /// What [#loop] may take, in milliseconds.
    static final long LOOP_LIMIT = 1_000;

    private static volatile long turn;

    private MeasuredApp() {}

    public static void main(String[] args) {
        Muster.run(MeasuredApp.class, args);
    }

    /// Says when it starts.
    @Task(name = "note")
    public static void note(String text) {
        Ledger.note(text);
    }

    /// Says when it starts, at the cost of a write to memory.
    @Task(name = "stamp")
    public static void stamp(int number) {
        Arrivals.now(number);
    }

    /// Says when it starts, and ends when there is a file of this name.
    @Task(name = "hold")
    public static void hold(String text) {
        Ledger.note(text);
        while (!Files.exists(Path.of(text))) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /// Says when it starts, and takes a moment.
    @Task(name = "brief")
    public static void brief(String text) {
        Ledger.note(text);
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }

    /// Says when it starts, and never ends.
    @Task(name = "loop", timeout = LOOP_LIMIT)
    public static void loop(String text) {
        Ledger.note(text);
        endless();
    }

    private static void endless() {
        for (long next = 1; turn >= 0; next = (next + 1) & Long.MAX_VALUE) {
            turn = next;
        }
    }

    /// Does nothing; that it was there is counted.
    @Task(name = "noop")
    public static void noop() {
        Tally.add();
    }
}
