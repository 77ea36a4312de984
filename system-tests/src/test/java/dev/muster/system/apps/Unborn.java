package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.ProcessHandler;
import dev.muster.RestartPolicy;
import dev.muster.Server;
import dev.muster.UserProcess;
import java.util.concurrent.CountDownLatch;

/// Processes that never become ready, and one that does.
public final class Unborn {
    private Unborn() {}

    public static void main(String[] args) {
        Muster.run(Unborn.class, args);
    }

    @UserProcess(name = "Throws", restart = RestartPolicy.NEVER)
    public static final class Throws extends Idle {
        public Throws() {
            throw new IllegalStateException("no database");
        }
    }

    @UserProcess(name = "Overflows", restart = RestartPolicy.NEVER)
    public static final class Overflows extends Idle {
        public Overflows() {
            int _ = deeper(0);
        }

        @SuppressWarnings("InfiniteRecursion")
        private static int deeper(int depth) {
            return deeper(depth + 1) + 1;
        }
    }

    @UserProcess(name = "Hangs", virtualThreads = false, restart = RestartPolicy.NEVER)
    public static final class Hangs extends Idle {
        public Hangs() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    /// Needs a class that the jar of the test does not have.
    @UserProcess(name = "Lacks", restart = RestartPolicy.NEVER)
    public static final class Lacks extends Idle {
        public Lacks() {
            Ledger.note("unborn", "lacks");
        }
    }

    @UserProcess(name = "Well")
    public static final class Well extends Idle {}

    static class Idle implements ProcessHandler {
        @Override
        public void handle(Server server, ProcessContext process) {}
    }
}
