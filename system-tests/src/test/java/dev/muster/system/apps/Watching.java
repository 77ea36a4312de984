package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.UserProcess;
import dev.muster.WorkerFailure;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An application that notes what it is told of itself: in the ledger `events`, or where all is one JVM in a queue that
/// a test can look into.
public final class Watching {
    /// What happened in this JVM.
    public static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();

    private Watching() {}

    public static void main(String[] args) {
        Muster.run(Watching.class, args);
    }

    private static void note(Server server, String event) {
        EVENTS.add(event + " in " + server.workerId());
        if (System.getProperty("muster.child.slot") != null) {
            Ledger.note("events", event + " in " + server.workerId());
        }
    }

    /// Dies when it is killed, or where all is one JVM by itself.
    @UserProcess(name = "Victim", interval = 20)
    public static final class Victim {
        public void run(ProcessContext process) {
            if (System.getProperty("muster.child.slot") == null && EVENTS.contains("start in 0")) {
                process.exit(3);
            }
        }
    }

    /// In each worker.
    @ServerEvents
    public static final class Ears implements ServerListener {
        @Override
        public void onStart(Server server) {
            note(server, "start");
        }

        @Override
        public void onShutdown(Server server) {
            note(server, "shutdown");
        }

        @Override
        public void onReload(Server server) {
            note(server, "reload");
        }

        @Override
        public void onWorkerError(Server server, WorkerFailure failure) throws InterruptedException {
            note(
                    server,
                    "error of " + failure.name() + " " + failure.role() + " " + failure.reason() + " " + failure.code()
                            + " " + failure.signal());
            if (Ledger.told("hang") && Ledger.isNew("hung")) {
                Ledger.note("hung", failure.name());
                Thread.currentThread().join();
            }
            if (Ledger.told("throw")) {
                throw new IllegalStateException("the listener is broken");
            }
        }

        @Override
        public void onWorkerStart(Server server) {
            note(server, "worker start");
            if (Ledger.told("refuse")) {
                throw new IllegalStateException("this worker will not work");
            }
        }

        @Override
        public void onWorkerStop(Server server) {
            note(server, "worker stop");
        }
    }
}
