package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;
import java.util.concurrent.CountDownLatch;

/// A process that does not look whether it should stop.
public final class Deaf {
    public static void main(String[] args) {
        Muster.run(Deaf.class, args);
    }

    @UserProcess(name = "Deaf")
    public void run() throws InterruptedException {
        Ledger.note("deaf", "run");
        listenToNobody();
    }

    private static void listenToNobody() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
