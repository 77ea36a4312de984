package dev.muster.supervise;

/// The application cannot be started. Carries the exit code of the master.
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /// @param exitCode of the master, see docs/operate/exit-codes.md
    /// @param message what was attempted, what is wrong, and what to do
    public StartException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /// The exit code of the master.
    public int exitCode() {
        return exitCode;
    }
}
