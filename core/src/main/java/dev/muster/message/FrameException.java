package dev.muster.message;

import java.io.IOException;

/// Bytes on a message socket that nobody of ours would send. The connection is closed.
final class FrameException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param violation the value and the rule
    FrameException(String violation) {
        super(violation);
    }
}
