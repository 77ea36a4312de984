package dev.muster.console;

import dev.muster.control.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What all verbs share: data goes to [#out()], talk goes to [#say(String)].
abstract class Verb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // picocli reads it: it ends the parsing and shows the help
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /// Standard output.
    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /// Standard error, for what is not a sentence of its own.
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /// One sentence on standard error.
    final void say(String sentence) {
        err().println("muster: " + sentence);
        err().flush();
    }

    /// The command line was legal in form, but makes no sense.
    final Refusal usage(String sentence) {
        return new Refusal(
                ExitCode.USAGE,
                sentence + "; see 'muster help " + spec.qualifiedName().replace("muster ", "") + "'");
    }
}
