package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.Pool;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import dev.muster.WorkerContext;
import dev.muster.WorkerPool;
import dev.muster.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// One of each role, which say who they are; for tests in which processes follow one another.
public final class Reserved {
    private static final List<byte[]> LEAK = new ArrayList<>();
    private static volatile long spins;

    /// Processes that are started while a test says `hold-boots` wait until it takes that back.
    public static void main(String[] args) {
        while (System.getProperty("muster.child.slot") != null && Ledger.told("hold-boots")) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        Muster.run(Reserved.class, args);
    }

    @Task(name = "note")
    public static void note(String text) {
        Ledger.note("tasks", text);
    }

    @Task(name = "say")
    public static void say(String text) {
        System.out.println("here is " + text);
    }

    /// Runs until a test says so.
    @Task(name = "hold")
    public static void hold(String text) {
        Ledger.note("tasks", text);
        while (!Ledger.told("release")) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    @Task(name = "spin", timeout = 500)
    public static void spin(String text) {
        Ledger.note("tasks", text);
        while (spins >= 0) {
            spins++;
        }
    }

    /// Keeps so many MiB.
    @Task(name = "leak")
    public static void leak(int megabytes) {
        for (int i = 0; i < megabytes; i++) {
            LEAK.add(new byte[1 << 20]);
        }
    }

    /// Works for two of the eight seconds that it has.
    @Task(name = "lasting", timeout = 8_000)
    public static void last(String text) throws InterruptedException {
        Ledger.note("tasks", text);
        Thread.sleep(2_000);
    }

    @UserProcess(name = "Alone", interval = 20)
    public void live(ProcessContext process) throws InterruptedException {
        Ledger.note("alone", "begin " + process.id() + " " + process.name());
        boolean _ = process.sleep(Duration.ofMillis(50));
        Ledger.note("alone", "end " + process.id() + " " + process.name());
    }

    /// A pool with a loop of its own.
    @Pool(name = "hands", prefix = "p_", instances = 1, heartbeat = 30_000, queue = "hands")
    public static final class Hands extends WorkerPool {
        @Override
        protected void hook(WorkerContext worker) throws InterruptedException {
            while (!worker.stopping()) {
                worker.take(Duration.ofMillis(200)).ifPresent(task -> {
                    Ledger.note("hands", worker.id() + " " + worker.name() + " " + task.payload());
                    while (task.payload().contains("\"hold\"") && !Ledger.told("release")) {
                        worker.heartbeat();
                        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    }
                    task.done();
                });
            }
        }
    }
}
