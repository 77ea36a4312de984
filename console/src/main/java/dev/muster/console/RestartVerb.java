package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster restart`: replaces the process of a slot.
@Command(
        name = "restart",
        description = "End the process of a slot in good order and start a new one; waits until that one is ready.")
final class RestartVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(paramLabel = "SLOT", description = "Number or name of the slot.")
    private String slot = "";

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), "restart", Map.of("slot", slot), this::say));
        return ExitCode.DONE.number();
    }
}
