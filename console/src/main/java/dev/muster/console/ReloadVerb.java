package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster reload`: replaces the processes by such with the code and the configuration as they are now.
@Command(
        name = "reload",
        description = {
            "Load the code and the configuration anew: check them, start new processes, and end the old ones in good"
                    + " order when the new are ready.",
            "Ends with 78 if the check fails, with 1 if a new process does not come up; the old ones go on then."
        })
final class ReloadVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ROLE",
            description = "A role (web, task, pool, user) or the name of a declaration; default: all.")
    private String scope = "";

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), "reload", Map.of("scope", scope), this::say));
        return ExitCode.DONE.number();
    }
}
