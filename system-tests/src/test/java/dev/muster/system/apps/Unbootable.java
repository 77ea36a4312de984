package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;

/// A process whose constructor fails.
public final class Unbootable {
    private Unbootable() {}

    public static void main(String[] args) {
        Muster.run(Unbootable.class, args);
    }

    /// Never made.
    @UserProcess(name = "Broken")
    public static final class Broken {
        public Broken() {
            Ledger.note("boots", "boot");
            throw new IllegalStateException("no database");
        }

        public void run() {
            Ledger.note("boots", "run");
        }
    }
}
