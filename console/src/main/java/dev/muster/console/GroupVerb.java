package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// A verb that gives an order to the processes of a role or of a declaration.
abstract class GroupVerb extends Verb {
    private final String order;

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Parameters(
            index = "0",
            paramLabel = "ROLE",
            description = "A role (web, task, pool, user) or the name of a declaration.")
    private String group = "";

    /// @param order the verb as the master knows it
    GroupVerb(String order) {
        this.order = order;
    }

    @Override
    public Integer call() {
        out().println(Control.ask(instance.running(), order, Map.of("group", group), this::say));
        return ExitCode.DONE.number();
    }
}
