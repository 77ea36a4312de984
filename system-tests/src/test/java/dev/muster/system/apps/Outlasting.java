package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;
import dev.muster.task.BrokerException;
import dev.muster.task.Task;
import dev.muster.task.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A process that enqueues when a test asks for it, and tasks.
public final class Outlasting {
    public static void main(String[] args) {
        Muster.run(Outlasting.class, args);
    }

    /// Runs that need no store, whatever becomes of the store.
    @UserProcess(name = "Ticker", interval = 50)
    public void tick() {
        Ledger.note("ticks", "run");
        if (Ledger.told("enqueue") && !Ledger.texts(Path.of(""), "enqueued").contains("kept")) {
            try {
                String _ = Tasks.enqueue("note", "from the process");
                Ledger.note("enqueued", "kept");
            } catch (BrokerException e) {
                Ledger.note("enqueued", "refused: " + e.getMessage());
                // As careless as people are.
                e.printStackTrace();
            }
        }
    }

    @Task(name = "note")
    public static void note(String text) {
        Ledger.note("tasks", text);
    }

    /// Runs until a test says so.
    @Task(name = "hold")
    public static void hold(String text) {
        Ledger.note("tasks", text);
        while (!Ledger.told("release")) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
