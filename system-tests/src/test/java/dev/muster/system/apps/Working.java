package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.task.OnCrash;
import dev.muster.task.RetryException;
import dev.muster.task.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Tasks that behave well and tasks that do not. Each start leaves a line in the ledger `tasks`.
public final class Working {
    private static volatile long spins;

    private Working() {}

    /// Processes that are started while a test says `hold-boots` wait until it takes that back.
    public static void main(String[] args) {
        while (Ledger.told("hold-boots")) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        Muster.run(Working.class, args);
    }

    @Task(name = "note")
    public static void note(String text) {
        Ledger.note("tasks", text);
    }

    /// Ends as a dead letter, which can be looked at.
    @Task(name = "fail")
    public static void fail(String text) {
        Ledger.note("tasks", text);
        throw new IllegalStateException(text);
    }

    /// Runs until a test says so.
    @Task(name = "hold")
    public static void hold(String text) {
        Ledger.note("tasks", text);
        while (!Ledger.told("release")) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /// The same, but never twice.
    @Task(name = "holdOnce", onCrash = OnCrash.DEAD)
    public static void holdOnce(String text) {
        hold(text);
    }

    @Task(name = "spin", timeout = 500)
    public static void spin(String text) {
        Ledger.note("tasks", text);
        spinForEver();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private static void spinForEver() {
        while (spins >= 0) {
            spins++;
        }
    }

    @Task(name = "retry", attempts = 3)
    public static void retry(String text, int succeedsAt) {
        Ledger.note("tasks", text);
        long starts = countStarts(text);
        if (starts < succeedsAt) {
            throw new RetryException("not at start " + starts);
        }
    }

    private static long countStarts(String text) {
        return Ledger.texts(Path.of(""), "tasks").stream().filter(text::equals).count();
    }

    @Task(name = "overflow")
    public static void overflow() {
        int _ = deeper(0);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }

    @Task(name = "hoard")
    public static void hoard(String text) {
        Ledger.note("tasks", text);
        Object hoard = text;
        while (hoard != null) {
            hoard = new Object[] {hoard, new byte[8 << 20]};
        }
    }

    @Task(name = "hoardParameter")
    public static void hoardParameter(Hoard hoard) {
        Ledger.note("tasks", "called with " + hoard.text);
    }

    /// Exhausts the heap while it is read from a message.
    public static final class Hoard {
        private final String text;

        public Hoard(String text) {
            hoard(text);
            this.text = text;
        }
    }

    /// Not a task.
    public static void secret() {
        Ledger.note("tasks", "secret");
    }
}
