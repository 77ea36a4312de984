package dev.muster.console;

import picocli.CommandLine.Command;

/// `muster resume`.
@Command(name = "resume", description = "Let paused processes take up work again.")
final class ResumeVerb extends GroupVerb {
    ResumeVerb() {
        super("resume");
    }
}
