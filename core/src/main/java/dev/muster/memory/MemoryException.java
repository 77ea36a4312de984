package dev.muster.memory;

import org.jspecify.annotations.Nullable;

/// Shared memory cannot be had, or cannot be used as asked. The message names what was attempted, the rule and the fix.
public class MemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MemoryException(String message) {
        super(message);
    }

    MemoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
