package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.ProcessHandler;
import dev.muster.Server;
import dev.muster.UserProcess;

/// User processes in every form in which they can be written. Each run leaves a line in the ledger of its name.
public final class Kinds {
    public static void main(String[] args) {
        Muster.run(Kinds.class, args);
    }

    /// Methods of one class: a process and an object each.
    private int count;

    @UserProcess(name = "Counter", interval = 30, instances = 2)
    public void count(ProcessContext process) {
        count++;
        Ledger.note("count", process.name() + " " + count + " " + System.identityHashCode(this));
    }

    @UserProcess(every = "50ms")
    public void unnamed(Server server, ProcessContext process) {
        Ledger.note(
                "unnamed",
                server.workerId() + " " + process.id() + " " + process.name() + " " + process.pid() + " "
                        + server.masterPid() + " " + server.stats().slots().size());
    }

    @UserProcess(name = "Swapped", interval = 50, virtualThreads = false)
    public void swapped(ProcessContext process, Server server) {
        Ledger.note(
                "swapped",
                process.id() + " " + server.workerId() + " "
                        + Thread.currentThread().isVirtual());
    }

    @UserProcess(name = "Titled", interval = 50)
    public void titled(ProcessContext process) {
        process.title("counting sheep");
        process.priority(5);
        process.affinity(0);
        Ledger.note("titled", String.valueOf(Thread.currentThread().isVirtual()));
    }

    /// By the interface.
    @UserProcess(name = "Handler", interval = 50)
    public static final class Handler implements ProcessHandler {
        @Override
        public void handle(Server server, ProcessContext process) {
            Ledger.note("handler", process.name());
        }
    }

    /// By the name of its method, without parameters.
    @UserProcess(interval = 50)
    public static final class Plain {
        public void run() {
            Ledger.note("plain", "run");
        }
    }
}
