package dev.muster.console;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster why`: explains the state of a slot.
@Command(
        name = "why",
        description =
                "Say why a slot is in the state that it is in: paused, backing off until when, being replaced, over"
                        + " which limit; and how its last process ended.")
final class WhyVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(index = "0", paramLabel = "SLOT", description = "Number or name of the slot.")
    private String slot = "";

    @Option(names = "--check", description = "End with 5 unless the process is up.")
    private boolean check;

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), "why", Map.of("slot", slot), this::say));
        boolean degraded = check
                && Json.array(Control.ask(instance.running(), "ps", Map.of(), this::say)).stream()
                        .filter(this::meant)
                        .anyMatch(PsVerb::isDown);
        return (degraded ? ExitCode.DEGRADED : ExitCode.DONE).number();
    }

    private boolean meant(Json row) {
        return row.text("name").equals(slot)
                || Long.toString(row.number("slot")).equals(slot);
    }
}
