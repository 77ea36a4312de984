package dev.muster.task;

/// The store could not do what was asked: it is unreachable, full, or damaged. The change was not made, unless the
/// message says that its fate is unknown.
public final class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what was attempted, on which store, and what to do
    public BrokerException(String message) {
        super(message);
    }

    /// @param message what was attempted, on which store, and what to do
    /// @param cause the store's own error
    public BrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
