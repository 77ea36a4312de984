package dev.muster.console;

import dev.muster.control.ExitCode;

/// A verb cannot do what was asked, for a reason that is no defect of Muster: shown as one sentence, without a stack.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    Refusal(ExitCode code, String message) {
        this(code.number(), message);
    }

    /// @param exitCode what the process ends with
    /// @param message what was attempted, on what, and what to do; may have several lines
    Refusal(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
