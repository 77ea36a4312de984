package dev.muster.console;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster pause`.
@Command(
        name = "pause",
        description =
                "Let processes finish their work and take up none, until they are resumed; waits until they rest.")
final class PauseVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(
            index = "0",
            paramLabel = "ROLE",
            description = "A role (task, pool, user) or the name of a declaration.")
    private String group = "";

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), "pause", Map.of("group", group), this::say));
        return ExitCode.DONE.number();
    }
}
