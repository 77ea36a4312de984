package dev.muster.examples.chaos;

import dev.muster.task.OnCrash;
import dev.muster.task.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The tasks. Each writes into the ledger that it begins, and those that succeed also that they end; the key tells
/// which one it is.
public final class Deeds {
    private static final int LINE = 1_000;

    private Deeds() {}

    /// A little work.
    @Task(name = "note")
    public static void note(String key) {
        String token = Ledger.begun(key);
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        Ledger.ended(key, token);
    }

    /// Lasts until the order `release-KEY` is given.
    @Task(name = "hold", timeout = 120_000)
    public static void hold(String key) {
        String token = Ledger.begun(key);
        Orders.await("release-" + key);
        Ledger.ended(key, token);
    }

    /// Never ends, and keeps a processor busy.
    @Task(name = "spin", timeout = 1_000)
    public static void spin(String key) {
        String _ = Ledger.begun(key);
        Misdeeds.spin();
    }

    /// Never ends, because two of its threads wait for each other.
    @Task(name = "deadlock", timeout = 1_000)
    public static void deadlock(String key) {
        String _ = Ledger.begun(key);
        Misdeeds.deadlock();
    }

    /// Ends the process in an orderly way.
    @Task(name = "exit", onCrash = OnCrash.DEAD)
    public static void exit(String key, int code) {
        String _ = Ledger.begun(key);
        System.exit(code);
    }

    /// Ends the process without shutdown hooks.
    @Task(name = "halt", onCrash = OnCrash.DEAD)
    public static void halt(String key, int code) {
        String _ = Ledger.begun(key);
        Runtime.getRuntime().halt(code);
    }

    /// Takes all memory of the heap.
    @Task(name = "heap", onCrash = OnCrash.DEAD)
    public static void heap(String key) {
        String _ = Ledger.begun(key);
        Misdeeds.exhaustHeap();
    }

    /// Throws.
    @Task(name = "fail")
    public static void fail(String key) {
        String _ = Ledger.begun(key);
        throw new IllegalStateException("this task was told to fail");
    }

    /// Overflows the stack.
    @Task(name = "overflow")
    public static void overflow(String key) {
        String _ = Ledger.begun(key);
        throw new AssertionError("depth " + Misdeeds.overflow(0));
    }

    /// Prints so many megabytes.
    @Task(name = "print", timeout = 120_000)
    public static void print(String key, int megabytes) {
        String token = Ledger.begun(key);
        String line = "x".repeat(LINE - 1);
        for (int i = 0; i < megabytes * LINE; i++) {
            System.out.println(line);
        }
        Ledger.ended(key, token);
    }

    /// Leaves a program behind, in a session of its own, that holds the output of this process open.
    @Task(name = "fork")
    public static void fork(String key, int seconds) throws IOException {
        String token = Ledger.begun(key);
        Process _ = new ProcessBuilder("setsid", "sleep", Integer.toString(seconds))
                .inheritIO()
                .start();
        Ledger.ended(key, token);
    }
}
