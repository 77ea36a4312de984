package dev.muster.config;

/// A value as somebody wrote it.
///
/// @param key as written, with dots
/// @param value as written, without blanks at its ends
/// @param origin where, for people
record Entry(String key, String value, String origin) {
    /// An error about this entry.
    ConfigurationError error(String legal, String suggestion) {
        return new ConfigurationError(key, value, origin, legal, suggestion);
    }
}
