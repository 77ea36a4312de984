package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster dump`: a thread dump of a slot's process.
@Command(
        name = "dump",
        description =
                "Write a thread dump with virtual threads of a slot's process and print its path; of a process that"
                        + " cannot answer, the evidence from the system.")
final class DumpVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(paramLabel = "SLOT", description = "Number or name of the slot.")
    private String slot = "";

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), "dump", Map.of("slot", slot), this::say));
        return ExitCode.DONE.number();
    }
}
