package dev.muster.config;

import java.util.Locale;

/// The rule for names of applications, processes and pools: they stand in commands, titles, configuration keys and
/// file names, so they are plain.
public final class Names {
    /// The rule in words, to follow "must be" in an error.
    public static final String LEGAL =
            "1 to 64 letters (a-z, A-Z), digits, '.', '_' or '-', not beginning with '.' or '-'";

    private static final int MAX_LENGTH = 64;

    private Names() {}

    /// Whether the text is a legal name.
    public static boolean legal(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || name.charAt(0) == '.' || name.charAt(0) == '-') {
            return false;
        }
        return plain(name);
    }

    /// Whether the text has only letters (a-z, A-Z), digits, `.`, `_` and `-`; true for the empty text.
    public static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /// Whether the text has no control characters, such as line ends.
    public static boolean printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// The name as far as an environment variable can spell it: lower case, without `.`, `_` and `-`.
    static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '.' && c != '_' && c != '-') {
                folded.append(c);
            }
        }
        return folded.toString().toLowerCase(Locale.ROOT);
    }

    /// Whether the name is spelt as an environment variable spells it, so that it stands for each name that folds
    /// alike.
    static boolean fromEnvironment(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }
}
