package dev.muster.supervise;

import dev.muster.control.ExitCode;

/// The application cannot be started. Carries the exit code of the master.
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    /// @param message what was attempted, what is wrong, and what to do
    public StartException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /// The exit code of the master.
    public ExitCode exitCode() {
        return exitCode;
    }
}
