package dev.muster.console;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster resume`.
@Command(name = "resume", description = "Let paused processes take up work again.")
final class ResumeVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(
            index = "0",
            paramLabel = "ROLE",
            description = "A role (task, pool, user) or the name of a declaration.")
    private String group = "";

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), "resume", Map.of("group", group), this::say));
        return ExitCode.DONE.number();
    }
}
