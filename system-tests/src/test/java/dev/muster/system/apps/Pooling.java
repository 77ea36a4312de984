package dev.muster.system.apps;

import dev.muster.ExitReason;
import dev.muster.Muster;
import dev.muster.Pool;
import dev.muster.PoolTask;
import dev.muster.WorkerContext;
import dev.muster.WorkerPool;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A pool with a loop of its own.
@Pool(name = "hands", prefix = "xes_", instances = 2, heartbeat = 1_000, queue = "default", log = "hands.log")
public final class Pooling extends WorkerPool {
    public static void main(String[] args) {
        Muster.run(Pooling.class, args);
    }

    @Override
    protected void start(WorkerContext worker) {
        Ledger.note("pool", "start " + worker.name());
    }

    @Override
    protected void hook(WorkerContext worker) throws InterruptedException {
        while (!worker.stopping()) {
            worker.heartbeat();
            Optional<PoolTask> taken = worker.take(Duration.ofMillis(300));
            if (taken.isPresent()) {
                work(worker, taken.get());
            }
        }
        Ledger.note("pool", "stopping " + worker.name());
    }

    private static void work(WorkerContext worker, PoolTask task) throws InterruptedException {
        Ledger.note("pool", "took " + task.payload());
        if (task.payload().contains("\"hang\"") && task.attempt() == 1 && Ledger.isNew("hung")) {
            Ledger.note("hung", task.id());
            worker.task("hanging on " + task.id());
            new CountDownLatch(1).await();
        }
        if (task.payload().contains("\"hold\"")) {
            worker.task("holding " + task.id());
            Ledger.note("held", task.id());
            while (!Ledger.told("release")) {
                worker.heartbeat();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            worker.task(null);
        }
        if (task.payload().contains("\"retry\"") && task.attempt() == 1) {
            task.retry(Duration.ofMillis(50));
        } else if (task.payload().contains("\"bury\"")) {
            task.dead("not wanted");
        } else {
            task.done();
        }
    }

    @Override
    protected void exiting(ExitReason reason, @Nullable String task) {
        Ledger.note("exiting", reason + " " + task);
    }
}
