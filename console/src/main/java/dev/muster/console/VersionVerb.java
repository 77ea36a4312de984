package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import picocli.CommandLine.Command;

/// `muster version`: what this is, one fact a line.
@Command(name = "version", description = "Show the versions of Muster, of its protocol and of Java.")
final class VersionVerb extends Verb {
    @Override
    public Integer call() {
        out().println("muster " + Distribution.version());
        out().println("protocol " + Message.PROTOCOL_VERSION);
        out().println("java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.home")
                + ")");
        return ExitCode.DONE.number();
    }
}
