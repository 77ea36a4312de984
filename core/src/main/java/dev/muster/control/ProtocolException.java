package dev.muster.control;

import java.io.IOException;
import java.io.Serial;

/// The other side sent bytes that are no frame, or no message, of this protocol. The connection is of no use any more:
/// close it.
public final class ProtocolException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String why;

    /// @param why what was wrong, with the value and the bound; one line
    public ProtocolException(String why) {
        super(why);
        this.why = why;
    }

    @Override
    public String getMessage() {
        return why;
    }
}
