package dev.muster;

/// `onTask` ended with an exception: the immediate task was run, and failed. The text is that of the worker; its stack
/// is in the log of the worker.
public final class TaskFailedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// @param message which task, where, and what it threw
    public TaskFailedException(String message) {
        super(message);
    }
}
