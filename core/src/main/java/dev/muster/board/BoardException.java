package dev.muster.board;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A board could not be created, or a file is not the board that was expected. Nothing was changed then.
public final class BoardException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    BoardException(String message) {
        super(message);
    }

    BoardException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
