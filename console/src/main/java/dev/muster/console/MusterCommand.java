package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `muster` without a verb.
@Command(
        name = "muster",
        description = "Runs a Java application as a supervised family of processes.",
        synopsisSubcommandLabel = "VERB",
        usageHelpAutoWidth = true)
final class MusterCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // picocli reads it: it ends the parsing and shows the help
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /// A verb is needed: shows which there are.
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE.number();
    }
}
