package dev.muster;

/// A message or an immediate task did not get where it should. The text names the slot, the limit and what to do.
public class MessageException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// Why it did not.
    public enum Reason {
        /// The receiver has as much unread as it may have.
        FULL,
        /// It is longer than `messages.maxSize`.
        TOO_LARGE,
        /// Nobody takes messages there: no process, no pipe, no listener.
        NOBODY,
        /// The process there is about to end, and no other has its place yet.
        LEAVING,
        /// The slot is paused.
        PAUSED,
        /// No answer came in time.
        TIMEOUT,
        /// The connection ended before the answer: the process there has died.
        LOST
    }

    private final Reason reason;
    private final boolean received;

    /// @param mayBeReceived false if it is certain that the receiver has not got it
    public MessageException(Reason reason, boolean mayBeReceived, String message) {
        super(message);
        this.reason = reason;
        this.received = mayBeReceived;
    }

    /// Why.
    public Reason reason() {
        return reason;
    }

    /// Whether the receiver may have got it all the same: the answer is missing, not the delivery. Where this is
    /// false, sending it again cannot double it.
    public boolean mayBeReceived() {
        return received;
    }
}
