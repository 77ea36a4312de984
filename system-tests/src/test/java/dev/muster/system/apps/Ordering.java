package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.ServerStats;
import dev.muster.UserProcess;
import java.time.Duration;

/// User code that gives orders to the application, when a test says so.
public final class Ordering {
    public static void main(String[] args) {
        Muster.run(Ordering.class, args);
    }

    @UserProcess(name = "Commander", interval = 50)
    public void command(Server server) {
        if (Ledger.told("stop-sleeper") && Ledger.isNew("ordered")) {
            for (ServerStats.SlotStats slot : server.stats().slots()) {
                if (slot.name().equals("Sleeper")) {
                    server.stop(slot.slot());
                    Ledger.note("ordered", "stop " + slot.pid());
                }
            }
        }
        if (Ledger.told("shutdown")) {
            server.shutdown();
        }
        try {
            server.stop(99);
        } catch (IllegalArgumentException e) {
            Ledger.note("refused", String.valueOf(e.getMessage()));
        }
    }

    @UserProcess(name = "Sleeper")
    public void sleep(ProcessContext process) throws InterruptedException {
        Ledger.note("sleeper", "begin");
        boolean whole = process.sleep(Duration.ofMinutes(5));
        Ledger.note("sleeper", "end " + whole);
    }
}
