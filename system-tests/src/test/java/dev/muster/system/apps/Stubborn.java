package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.util.concurrent.CountDownLatch;

/// Processes that do not end when they are told to, in their first life.
public final class Stubborn {
    public static void main(String[] args) {
        Muster.run(Stubborn.class, args);
    }

    /// It hangs inside its own `System.exit`.
    @UserProcess(name = "HungHook")
    public void exit() {
        boolean first = Ledger.isNew("hook");
        Ledger.note("hook", "run");
        if (first) {
            CountDownLatch never = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Ledger.note("hook", "in the hook");
                awaitForEver(never);
            }));
            System.exit(0);
        }
    }

    /// It does not look at `stopping()`, and has an action of its own for TERM.
    @UserProcess(name = "Deaf")
    public void ignore(ProcessContext process) {
        boolean first = Ledger.isNew("deaf");
        if (first) {
            process.onSignal("TERM", () -> Ledger.note("deaf", "TERM"));
        }
        Ledger.note("deaf", "run");
        if (first) {
            awaitForEver(new CountDownLatch(1));
        }
    }

    private static void awaitForEver(CountDownLatch never) {
        while (true) {
            try {
                never.await();
            } catch (InterruptedException e) {
                Ledger.note("interrupts", "ignored");
            }
        }
    }
}
