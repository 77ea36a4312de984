package dev.muster.scan;

import java.util.ArrayList;
import java.util.List;

/// The declarations of an application cannot be used; the message lists everything that is wrong, one line each.
public final class DeclarationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ArrayList<String> errors;

    DeclarationException(List<String> errors) {
        super((errors.size() == 1 ? "declaration error" : errors.size() + " declaration errors")
                + "; nothing was started:\n  "
                + String.join("\n  ", errors));
        this.errors = new ArrayList<>(errors);
    }

    /// What is wrong, sorted; each names the place and the fix.
    public List<String> errors() {
        return List.copyOf(errors);
    }
}
