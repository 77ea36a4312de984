package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.task.Retry;
import dev.muster.task.SnoozeException;
import dev.muster.task.Task;
import dev.muster.task.TaskContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Tasks whose attempts fail in all the ways that there are rules for. Each start leaves a line in the ledger `tasks`.
public final class Trying {
    private Trying() {}

    public static void main(String[] args) {
        Muster.run(Trying.class, args);
    }

    @Task(name = "note")
    public static void note(String text) {
        Ledger.note("tasks", text);
    }

    @Task(name = "listed")
    @Retry(delays = {"100ms", "400ms"})
    public static void listed(String text) {
        Ledger.note("tasks", text);
        throw new IllegalStateException(text);
    }

    @Task(name = "forATime")
    @Retry(delays = "300ms", within = "3s")
    public static void forATime(String text) {
        Ledger.note("tasks", text);
        throw new IllegalStateException(text);
    }

    @Task(name = "ruled", attempts = 3)
    @Retry(delays = "0s", dead = IOException.class, discard = FileNotFoundException.class)
    public static void ruled(String text) throws IOException {
        Ledger.note("tasks", text);
        switch (text) {
            case "dead" -> throw new IOException(text);
            case "discard" -> throw new FileNotFoundException(text);
            default -> throw new IllegalStateException(text);
        }
    }

    /// It is time at its third start.
    @Task(name = "snooze")
    public static void snooze(String text, TaskContext context) {
        Ledger.note("tasks", text);
        Ledger.note("tokens", Long.toString(context.token()));
        long starts =
                Ledger.texts(Path.of(""), "tasks").stream().filter(text::equals).count();
        if (starts < 3 || context.attempt() != 1) {
            throw new SnoozeException(Duration.ofMillis(200), "start " + starts);
        }
    }

    @Task(name = "soft", softTimeout = 300, timeout = 60_000)
    public static void soft(String text) throws InterruptedException {
        Ledger.note("tasks", text);
        CountDownLatch hooked = new CountDownLatch(1);
        TaskContext.current().onSoftLimit(() -> {
            Ledger.note("soft", "hook");
            hooked.countDown();
        });
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            hooked.await();
            Ledger.note("soft", "interrupted " + TaskContext.current().softLimitReached());
            throw e;
        }
    }
}
