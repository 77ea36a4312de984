package dev.muster.memory;

/// A key, a value or a message is longer than was declared, or a table has no free row. The message names the limit.
/// Nothing was changed: nothing is ever cut to fit.
public final class LimitException extends MemoryException {
    private static final long serialVersionUID = 1L;

    LimitException(String message) {
        super(message);
    }

    LimitException(String message, Throwable cause) {
        super(message, cause);
    }
}
