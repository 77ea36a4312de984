package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// Processes that start more than they may, in their first life, and a neighbour.
public final class Multiplying {
    /// Doubles five times, and so ends by itself also where nothing holds it.
    private static final String BOMB = "b() { if [ $1 -gt 0 ]; then b $(($1-1)) & b $(($1-1)) & fi; sleep 1000; }; b 8";

    public static void main(String[] args) {
        Muster.run(Multiplying.class, args);
    }

    @UserProcess(name = "Bomb", interval = 50)
    public void explode(ProcessContext process) throws IOException {
        boolean first = Ledger.isNew("bomb");
        Ledger.note("bomb", Long.toString(process.pid()));
        if (first) {
            Process _ =
                    new ProcessBuilder("setsid", "sh", "-c", BOMB).inheritIO().start();
        }
    }

    @UserProcess(name = "Threads", interval = 50)
    public void threads(ProcessContext process) {
        boolean first = Ledger.isNew("threads");
        Ledger.note("threads", Long.toString(process.pid()));
        while (first) {
            Thread.ofPlatform().daemon().start(LockSupport::park);
        }
    }

    /// The error ends a thread that nobody looks after.
    @UserProcess(name = "Uncaught", interval = 50)
    public void uncaught(ProcessContext process) {
        boolean first = Ledger.isNew("uncaught");
        Ledger.note("uncaught", Long.toString(process.pid()));
        if (first) {
            Thread _ = Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    Thread _ = Thread.ofPlatform().daemon().start(LockSupport::park);
                }
            });
        }
    }

    @UserProcess(name = "Neighbour", interval = 50)
    public void live() {
        Ledger.note("neighbour", "run");
    }
}
