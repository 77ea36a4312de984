package dev.muster.memory;

/// A message was to be put into a channel that is closed, or taken from one that is closed and empty.
public final class ChannelClosedException extends MemoryException {
    private static final long serialVersionUID = 1L;

    ChannelClosedException(String message) {
        super(message);
    }
}
