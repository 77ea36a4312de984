package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.Pool;
import dev.muster.UserProcess;
import dev.muster.task.Task;

/// Declarations that cannot work, one of each kind.
public final class Wrong {
    private Wrong() {}

    public static void main(String[] args) {
        Muster.run(Wrong.class, args);
    }

    /// Nothing to run.
    @UserProcess
    public static final class Nothing {}

    /// Two methods that could be meant.
    @UserProcess
    public static final class Ambiguous {
        public void run() {}

        public void handle() {}
    }

    /// A parameter that nobody can give.
    public static final class Parameters {
        @UserProcess
        public void work(String text) {
            Ledger.note("wrong", text);
        }
    }

    /// Values out of range.
    public static final class Values {
        @UserProcess(name = "a b", interval = 100, every = "1s", instances = 0)
        public void run() {}
    }

    /// Not a pool.
    @Pool
    public static final class Puddle {}

    /// A task that no message can reach.
    public static final class Secret {
        @SuppressWarnings("UnusedMethod")
        @Task
        private static void hide() {}
    }
}
