package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.time.Duration;

/// Two processes that do nothing wrong.
public final class Ticking {
    public static void main(String[] args) {
        Muster.run(Ticking.class, args);
    }

    /// A run of 150 ms, every 200 ms.
    @UserProcess(name = "Ticker")
    public void tick(ProcessContext process) throws InterruptedException {
        Ledger.note("ticks", "begin");
        boolean whole = process.sleep(Duration.ofMillis(150));
        Ledger.note("ticks", whole ? "end" : "stopped");
    }

    /// The neighbour, who must not notice anything.
    @UserProcess(name = "Neighbour", interval = 50)
    public void live() {
        Ledger.note("neighbour", "run");
    }
}
