package dev.muster.console;

import picocli.CommandLine.Command;

/// `muster pause`.
@Command(
        name = "pause",
        description =
                "Let processes finish their work and take up none, until they are resumed; waits until they rest.")
final class PauseVerb extends GroupVerb {
    PauseVerb() {
        super("pause");
    }
}
