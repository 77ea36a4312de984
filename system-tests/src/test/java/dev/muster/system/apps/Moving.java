package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.Scope;
import dev.muster.UserProcess;
import java.time.Duration;

/// A user process that works on one node at a time. Each run leaves a line in the ledger `runs` when it begins and
/// when it ends, with its token.
public final class Moving {
    private Moving() {}

    public static void main(String[] args) {
        Muster.run(Moving.class, args);
    }

    /// Works for 50 ms, ten times a second.
    public static final class Leader {
        @UserProcess(name = "Leader", interval = 50, scope = Scope.CLUSTER)
        public void lead(ProcessContext process) throws InterruptedException {
            Ledger.note("runs", "begin " + process.leaseToken());
            boolean _ = process.sleep(Duration.ofMillis(50));
            Ledger.note("runs", "end " + process.leaseToken());
        }
    }
}
