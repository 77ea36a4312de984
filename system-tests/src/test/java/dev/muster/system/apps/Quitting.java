package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.RestartPolicy;
import dev.muster.UserProcess;

/// Processes that end themselves past the runtime in their first run.
public final class Quitting {
    public static void main(String[] args) {
        Muster.run(Quitting.class, args);
    }

    @UserProcess(name = "Exit0", restart = RestartPolicy.NEVER)
    public void exit0() {
        System.exit(0);
    }

    @UserProcess(name = "Exit1", restart = RestartPolicy.NEVER)
    public void exit1() {
        System.exit(1);
    }

    @UserProcess(name = "Exit64", restart = RestartPolicy.NEVER)
    public void exit64() {
        System.exit(64);
    }

    @UserProcess(name = "Exit300", restart = RestartPolicy.NEVER)
    public void exit300() {
        System.exit(300);
    }

    @UserProcess(name = "Halt", restart = RestartPolicy.NEVER)
    public void halt() {
        System.out.println("about to halt");
        Runtime.getRuntime().halt(9);
    }
}
