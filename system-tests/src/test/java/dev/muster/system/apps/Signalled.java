package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.time.Duration;

/// Processes to which signals are sent from outside.
public final class Signalled {
    private boolean installed;

    public static void main(String[] args) {
        Muster.run(Signalled.class, args);
    }

    /// Finishes what it does when TERM comes, and has an action for TERM and HUP.
    @UserProcess(name = "Drains", interval = 50)
    public void drain(ProcessContext process) throws InterruptedException {
        if (!installed) {
            installed = true;
            process.onSignal("TERM", () -> Ledger.note("drains", "TERM " + process.stopping()));
            process.onSignal("SIGHUP", () -> Ledger.note("drains", "HUP"));
            Ledger.note("drains", refusal(process));
        }
        Ledger.note("drains", "begin");
        boolean whole = process.sleep(Duration.ofSeconds(20));
        Ledger.note("drains", "end " + whole + " " + process.stopping());
    }

    private static String refusal(ProcessContext process) {
        try {
            process.onSignal("KILL", () -> {});
            return "accepted";
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }

    /// Knows nothing of signals.
    @UserProcess(name = "Plain", interval = 50)
    public void run() {
        Ledger.note("plain", "run");
    }
}
