package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Processes that hang in their first life, and one that is only slow.
public final class Hanging {
    private static volatile long spins;

    public static void main(String[] args) {
        Muster.run(Hanging.class, args);
    }

    @UserProcess(name = "Looper", runTimeout = 500)
    public void loop() {
        boolean first = Ledger.isNew("looper");
        Ledger.note("looper", "run");
        if (first) {
            spinForEver();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private static void spinForEver() {
        while (spins >= 0) {
            spins++;
        }
    }

    @UserProcess(name = "Deadlocked", runTimeout = 500)
    public void lock() throws InterruptedException {
        boolean first = Ledger.isNew("deadlocked");
        Ledger.note("deadlocked", "run");
        if (first) {
            Object left = new Object();
            Object right = new Object();
            CountDownLatch both = new CountDownLatch(2);
            Thread one = Thread.ofPlatform().name("left-first").start(() -> take(left, right, both));
            Thread two = Thread.ofPlatform().name("right-first").start(() -> take(right, left, both));
            one.join();
            two.join();
        }
    }

    private static void take(Object mine, Object other, CountDownLatch both) {
        synchronized (mine) {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            synchronized (other) {
                throw new IllegalStateException("no deadlock");
            }
        }
    }

    /// Longer than its limit, but it says that it makes progress.
    @UserProcess(name = "Slow", runTimeout = 500)
    public void work(ProcessContext process) throws InterruptedException {
        Ledger.note("slow", "begin");
        for (int i = 0; i < 10 && !process.stopping(); i++) {
            TimeUnit.MILLISECONDS.sleep(150);
            process.heartbeat();
        }
        Ledger.note("slow", "end");
    }
}
