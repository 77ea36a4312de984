package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.task.Task;
import dev.muster.task.TaskContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Tasks that keep accounts of themselves: each start and each end is a line `started ID TOKEN` or
/// `finished ID TOKEN` of the ledger that is their first parameter.
public final class Accounting {
    private static final long SHORT_NANOS = Duration.ofMillis(1).toNanos();

    private Accounting() {}

    /// Processes that are started while a test says `hold-boots` wait until it takes that back.
    public static void main(String[] args) {
        while (Ledger.told("hold-boots")) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        Muster.run(Accounting.class, args);
    }

    /// A short task that leaves nothing in the store.
    @Task(name = "post")
    public static void post(String ledger, TaskContext task) {
        started(ledger, task);
        LockSupport.parkNanos(SHORT_NANOS);
        finished(ledger, task);
    }

    /// A short task whose result is the token of its attempt, so that the store tells whose end it accepted.
    @Task(name = "receipt")
    public static long receipt(String ledger, TaskContext task) {
        post(ledger, task);
        return task.token();
    }

    /// Runs until a test makes the file.
    @Task(name = "hold")
    public static long hold(String ledger, String file, TaskContext task) {
        started(ledger, task);
        while (!Ledger.told(file)) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        finished(ledger, task);
        return task.token();
    }

    /// Does something that its process does not survive.
    ///
    /// @param always whether at each start, or at the first one alone
    @Task(name = "crash")
    public static long crash(String ledger, Offence offence, boolean always, TaskContext task) {
        started(ledger, task);
        if (first(ledger, task) || always) {
            offence.commit();
        }
        finished(ledger, task);
        return task.token();
    }

    /// Does something that takes for ever.
    @Task(name = "hang", attempts = 2, timeout = 2_000)
    public static long hang(String ledger, Offence offence, boolean always, TaskContext task) {
        return crash(ledger, offence, always, task);
    }

    /// Dies, at its first start, when everything is done and nobody knows it yet.
    @Task(name = "effect")
    public static long effect(String ledger, Offence offence, TaskContext task) {
        started(ledger, task);
        finished(ledger, task);
        if (first(ledger, task)) {
            offence.commit();
        }
        return task.token();
    }

    private static void started(String ledger, TaskContext task) {
        Ledger.note(ledger, "started " + task.id() + " " + task.token());
    }

    private static void finished(String ledger, TaskContext task) {
        Ledger.note(ledger, "finished " + task.id() + " " + task.token());
    }

    private static boolean first(String ledger, TaskContext task) {
        try {
            Path _ = Files.createFile(Path.of(ledger + "." + task.id()));
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
