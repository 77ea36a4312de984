package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.Pool;
import dev.muster.WorkerContext;
import dev.muster.WorkerPool;
import dev.muster.task.Missed;
import dev.muster.task.Schedule;
import dev.muster.task.Task;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Two schedules that are due each second, and a pool that writes down which instants it was given.
public final class Timed {
    private static final Pattern ID = Pattern.compile("\"id\":\"schedule:([a-z]+:\\d+)\"");

    private Timed() {}

    public static void main(String[] args) {
        Muster.run(Timed.class, args);
    }

    @Task(name = "all")
    @Schedule(every = "1s", missed = Missed.ALL)
    public static void all() {}

    @Task(name = "once")
    @Schedule(every = "1s", missed = Missed.ONCE)
    public static void once() {}

    /// Takes the tasks itself, so that it sees their ids.
    @Pool(name = "hands", instances = 2, heartbeat = 30_000, queue = "default")
    public static final class Hands extends WorkerPool {
        @Override
        protected void hook(WorkerContext worker) throws InterruptedException {
            while (!worker.stopping()) {
                worker.take(Duration.ofMillis(200)).ifPresent(task -> {
                    Matcher id = ID.matcher(task.payload());
                    Ledger.note("instants", id.find() ? id.group(1) : task.payload());
                    task.done();
                });
            }
        }
    }
}
