package dev.muster;

/// The other end of a pipe is closed, or says nothing more: what it had written was read before.
///
/// Unchecked: a pipe that ends is a state of the application, and most callers can do nothing but let their run end.
public final class PipeClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// @param message which pipe, and what is known about its end
    public PipeClosedException(String message) {
        super(message);
    }
}
