package dev.muster.scan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Errors and warnings as they are found, so that the user sees all of them at once.
final class Findings {
    private final NavigableSet<String> errors = new TreeSet<>();
    private final NavigableSet<String> warnings = new TreeSet<>();

    /// Notes what stops the start.
    ///
    /// @param place class, method or file
    /// @param wrong what is wrong, and the fix
    void error(String place, String wrong) {
        errors.add(place + ": " + wrong);
    }

    /// Notes what is legal but probably not meant.
    void warning(String text) {
        warnings.add(text);
    }

    List<String> warnings() {
        return Collections.unmodifiableList(new ArrayList<>(warnings));
    }

    /// @throws DeclarationException if there are errors
    void refuseErrors() {
        if (!errors.isEmpty()) {
            throw new DeclarationException(new ArrayList<>(errors));
        }
    }
}
