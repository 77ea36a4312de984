package dev.muster.config;

import java.util.ArrayList;
import java.util.List;

/// The configuration cannot be used; the message lists everything that is wrong with it, one line each.
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ArrayList<ConfigurationError> errors;

    /// @param errors at least one
    public ConfigurationException(List<ConfigurationError> errors) {
        super(message(errors));
        this.errors = new ArrayList<>(errors);
    }

    /// Everything that is wrong, in the order in which it was found: file, environment, options, contradictions.
    public List<ConfigurationError> errors() {
        return List.copyOf(errors);
    }

    private static String message(List<ConfigurationError> errors) {
        StringBuilder text = new StringBuilder();
        text.append(errors.size() == 1 ? "configuration error" : errors.size() + " configuration errors");
        text.append("; nothing was started:");
        for (ConfigurationError error : errors) {
            text.append("\n  ").append(error.text());
        }
        return text.toString();
    }
}
