package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.RestartPolicy;
import dev.muster.UserProcess;

/// Processes that end themselves in every way there is, in their first life only where they are restarted.
public final class Leaving {
    public static void main(String[] args) {
        Muster.run(Leaving.class, args);
    }

    @UserProcess(name = "Exit300", restart = RestartPolicy.NEVER)
    public void exit300() {
        System.exit(300);
    }

    @UserProcess(name = "ExitMinus1", restart = RestartPolicy.NEVER)
    public void exitMinus1() {
        System.exit(-1);
    }

    @UserProcess(name = "Halt9", restart = RestartPolicy.NEVER)
    public void halt9() {
        Runtime.getRuntime().halt(9);
    }

    /// A code that a child whose master is lost would use.
    @UserProcess(name = "Exit70", restart = RestartPolicy.NEVER)
    public void exit70() {
        System.exit(70);
    }

    @UserProcess(name = "Context7", restart = RestartPolicy.NEVER)
    public void context7(ProcessContext process) {
        process.exit(7);
    }

    @UserProcess(name = "CleanOnFailure", restart = RestartPolicy.ON_FAILURE)
    public void clean(ProcessContext process) {
        process.exit(0);
    }

    @UserProcess(name = "BadOnFailure", restart = RestartPolicy.ON_FAILURE)
    public void bad(ProcessContext process) {
        boolean first = Ledger.isNew("bad");
        Ledger.note("bad", "run");
        if (first) {
            process.exit(3);
        }
    }

    @UserProcess(name = "Exit0")
    public void exit0() {
        boolean first = Ledger.isNew("exit0");
        Ledger.note("exit0", "run");
        if (first) {
            System.exit(0);
        }
    }
}
