package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.io.IOException;

/// A process whose descendants become children of the master, and a `main` that starts processes in the master itself.
public final class Orphaning {
    private static final int CODE = 7;
    private static final int PROCESSES = 200;

    public static void main(String[] args) {
        if (System.getProperty("muster.child.slot") == null) {
            Thread.ofPlatform().daemon().start(Orphaning::useTheProcessApi);
        }
        Muster.run(Orphaning.class, args);
    }

    /// Each run leaves a process that ends after its parent has ended.
    @UserProcess(name = "Orphaner", interval = 200)
    public void leave(ProcessContext process) throws IOException, InterruptedException {
        int code = new ProcessBuilder("sh", "-c", "(sleep 0.2 & )").start().waitFor();
        Ledger.note("orphans", Integer.toString(code));
    }

    /// The virtual machine must get the status of each of its own processes.
    private static void useTheProcessApi() {
        int wrong = 0;
        try {
            for (int i = 0; i < PROCESSES; i++) {
                int code =
                        new ProcessBuilder("sh", "-c", "exit " + CODE).start().waitFor();
                wrong += code == CODE ? 0 : 1;
            }
            Ledger.note("api", wrong + " wrong");
        } catch (IOException | InterruptedException e) {
            Ledger.note("api", e.toString());
        }
    }
}
