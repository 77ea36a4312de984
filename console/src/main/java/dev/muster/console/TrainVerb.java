package dev.muster.console;

import dev.muster.control.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster train`: makes the caches of the JVM; called by the build. See [Training].
@Command(name = "train", hidden = true, description = "Make the JVM caches of this distribution.")
final class TrainVerb extends Verb {
    /// Verbs whose classes the cache of the command line is to hold. None of them changes anything.
    private static final String[][] WARM = {
        {"version"},
        {"help"},
        {"map", "demo"},
        {"check", "demo"},
        {"ps", "--run-dir", "/nonexistent"},
        {"tasks", "--run-dir", "/nonexistent"},
        {"ps", "--wrong-option"}
    };

    @Option(names = "--warm", hidden = true, description = "Only run some verbs without output, while the JVM records.")
    private boolean warm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!warm) {
            return new Training(Distribution.current(), this::say).run().number();
        }
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (String[] verb : WARM) {
            int _ = Main.run(nowhere, nowhere, verb);
        }
        return ExitCode.DONE.number();
    }
}
