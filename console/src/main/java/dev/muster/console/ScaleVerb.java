package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster scale`: changes the number of processes of a declaration.
@Command(
        name = "scale",
        description = "Keep so many processes of a declaration from now on; waits until that is so. A start or a reload"
                + " with another number of instances in the configuration sets it anew.")
final class ScaleVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(
            index = "0",
            paramLabel = "ROLE=N",
            description = "The name of a pool or a user process, or a role with one declaration, and a number from 0 to"
                    + " 1000.")
    private String wish = "";

    @Override
    public Integer call() {
        int cut = wish.lastIndexOf('=');
        if (cut < 1 || cut == wish.length() - 1) {
            throw usage("'" + wish + "' does not say what to scale to which number; write for example asynctask=5");
        }
        Map<String, String> options = Map.of("group", wish.substring(0, cut), "instances", wish.substring(cut + 1));
        out().println(Control.ask(instance.running(), "scale", options, this::say));
        return ExitCode.DONE.number();
    }
}
