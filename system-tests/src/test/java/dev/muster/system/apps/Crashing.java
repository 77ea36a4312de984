package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;

/// A process that dies in its first run until a test says `mended`, and a neighbour.
public final class Crashing {
    public static void main(String[] args) {
        Muster.run(Crashing.class, args);
    }

    @UserProcess(name = "Crasher")
    public void crash() {
        Ledger.note("crasher", "run");
        if (!Ledger.told("mended")) {
            Runtime.getRuntime().halt(1);
        }
    }

    @UserProcess(name = "Neighbour", interval = 50)
    public void live() {
        Ledger.note("neighbour", "run");
    }
}
