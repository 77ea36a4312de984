package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;

/// Prints 200 MB as fast as it can, once.
public final class Printing {
    private static final int LINES = 200_000;

    private Printing() {}

    public static void main(String[] args) {
        Muster.run(Printing.class, args);
    }

    /// Prints.
    @UserProcess(name = "Printer", interval = 100)
    public static final class Printer {
        public void run() {
            if (Ledger.isNew("printer")) {
                Ledger.note("printer", "begin");
                String line = "x".repeat(1023);
                for (int i = 0; i < LINES; i++) {
                    System.out.println(line);
                }
                Ledger.note("printer", "end");
            }
            System.out.println("still here");
        }
    }
}
