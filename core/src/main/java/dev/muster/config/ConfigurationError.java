package dev.muster.config;

import java.io.Serializable;
import java.util.regex.Pattern;

/// One thing that is wrong with the configuration.
///
/// @param key as it was written; empty when it is about a whole file
/// @param value as it was written
/// @param origin where it was written: a file with its line, an environment variable, `--set`, or `default`
/// @param legal what must be changed, or what is legal in this place
/// @param suggestion the key that was probably meant, else empty
public record ConfigurationError(String key, String value, String origin, String legal, String suggestion)
        implements Serializable {
    private static final int SHOWN = 100;
    /// From the first `:` to the last `@`: a password that is not written as an address demands may hold any
    /// character.
    private static final Pattern CREDENTIALS = Pattern.compile("(?<=:)(//)?.*@", Pattern.DOTALL);

    private static final Pattern PASSWORD = Pattern.compile("(?<=[?&]password=)[^&]*");

    /// The error as one line for people. What stands before the `@` of an address is a secret, and left out, even
    /// if it has characters that should have been escaped there.
    public String text() {
        String place = key.isEmpty() ? origin : key + " = " + shown(value) + " (" + origin + ")";
        return place + ": " + legal + (suggestion.isEmpty() ? "" : "; did you mean " + suggestion + "?");
    }

    private static String shown(String value) {
        if (value.isEmpty()) {
            return "''";
        }
        String address = CREDENTIALS.matcher(value).replaceAll("//***@");
        String open = PASSWORD.matcher(address).replaceAll("***");
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < open.length() && i < SHOWN; i++) {
            char c = open.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
        return open.length() > SHOWN ? line + "…" : line.toString();
    }
}
