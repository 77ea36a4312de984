package dev.muster.os;

/// A port on which this process cannot listen. The message names host and port, what is wrong and what to do.
///
/// **Threads:** immutable.
public final class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What is wrong.
    public enum Reason {
        /// Another socket has the port.
        TAKEN,
        /// The host is not an address of this machine, or cannot be resolved.
        NO_SUCH_ADDRESS,
        /// This user may not have the port.
        NOT_PERMITTED,
        /// The system is short of something, or refuses for a reason of its own.
        REFUSED
    }

    private final Reason reason;

    ListenException(Reason reason, String message, Exception cause) {
        super(message, cause);
        this.reason = reason;
    }

    /// What is wrong.
    public Reason reason() {
        return reason;
    }
}
