package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Its children do not get to [Muster#run] before a test says so: they have not said hello, and not yet tied themselves
/// to the master.
public final class Waiting {
    public static void main(String[] args) {
        if (System.getProperty("muster.child.slot") != null) {
            Ledger.note("children", "waiting");
            while (!Ledger.told("go")) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
        Muster.run(Waiting.class, args);
    }

    @UserProcess(name = "Late")
    public void run() {
        Ledger.note("runs", "run");
    }
}
