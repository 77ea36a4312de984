package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster kill`: kills the process of a slot.
@Command(name = "kill", description = "Kill the process of a slot with SIGKILL now; its slot is filled again.")
final class KillVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(paramLabel = "SLOT", description = "Number or name of the slot.")
    private String slot = "";

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), "kill", Map.of("slot", slot), this::say));
        return ExitCode.DONE.number();
    }
}
