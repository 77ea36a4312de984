package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;

/// Several processes that hardly do anything.
public final class Crowded {
    public static void main(String[] args) {
        Muster.run(Crowded.class, args);
    }

    @UserProcess(name = "Sits", interval = 60_000, instances = 2)
    public void sit() {
        System.out.println("sitting");
    }
}
