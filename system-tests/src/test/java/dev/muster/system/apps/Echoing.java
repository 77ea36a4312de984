package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;
import java.util.Arrays;

/// Says what reaches a child: arguments, system properties, environment, assertions.
public final class Echoing {
    private static String arguments = "";

    public static void main(String[] args) {
        arguments = Arrays.toString(args);
        Muster.run(Echoing.class, args);
    }

    @UserProcess(name = "Echo", interval = 100)
    public void echo() {
        Ledger.note(
                "echo",
                arguments + " " + System.getProperty("acme.colour") + " " + System.getenv("ACME_SIZE") + " "
                        + Echoing.class.desiredAssertionStatus());
    }
}
