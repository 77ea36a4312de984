package dev.muster.config;

import java.util.Optional;

/// One row of the table of keys.
///
/// @param pattern the key; a segment in capitals stands for a name or a role
/// @param type what its value must look like
/// @param defaultText the default, legal for the type; empty where it is made from other values or where there is none
/// @param defaultNote the default in words where `defaultText` is empty, else empty
/// @param meaning the pattern of the key that this one is another spelling of, else its own pattern
/// @param doc one line for people
record Key(String pattern, ValueType type, String defaultText, String defaultNote, String meaning, String doc) {
    /// Whether the key has a segment that stands for a name.
    boolean wildcard() {
        return pattern.contains("NAME") || pattern.contains("ROLE");
    }

    /// Whether that segment stands for a role.
    boolean forRole() {
        return pattern.contains("ROLE");
    }

    /// What stands before the name, with its dot.
    String prefix() {
        return pattern.substring(0, pattern.indexOf('.') + 1);
    }

    /// What stands after the name, with its dot; empty if nothing does.
    String suffix() {
        int end = pattern.indexOf('.', pattern.indexOf('.') + 1);
        return end < 0 ? "" : pattern.substring(end);
    }

    /// The default for people.
    String defaultForPeople() {
        return defaultText.isEmpty() ? defaultNote : defaultText;
    }

    /// The name in a written key of this pattern, empty if the key has another pattern. It may itself contain dots,
    /// and is not checked.
    Optional<String> nameIn(String key) {
        String suffix = suffix();
        int end = key.length() - suffix.length();
        boolean matches = wildcard() && key.startsWith(prefix()) && key.endsWith(suffix) && end > prefix().length();
        return matches ? Optional.of(key.substring(prefix().length(), end)) : Optional.empty();
    }

    /// The key that holds the value of this one for the name, in its usual spelling.
    String meaningFor(String name) {
        int start = meaning.indexOf('.') + 1;
        int end = meaning.indexOf('.', start);
        return wildcard() ? meaning.substring(0, start) + name + (end < 0 ? "" : meaning.substring(end)) : meaning;
    }
}
