package dev.muster.memory;

import java.util.Objects;
import java.util.regex.Pattern;

/// What regions and columns may be called: the first become names of files, both stand in messages and on terminals.
final class RegionNames {
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,31}");

    private RegionNames() {}

    static String check(RegionKind kind, String name) {
        if (!REGION.matcher(Objects.requireNonNull(name, () -> "the name of a " + kind.word()))
                .matches()) {
            throw new IllegalArgumentException("a " + kind.word() + " cannot be called '" + name
                    + "': give it 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first");
        }
        return name;
    }

    static String checkColumn(String name) {
        if (!COLUMN.matcher(Objects.requireNonNull(name, "the name of a column"))
                .matches()) {
            throw new IllegalArgumentException("a column cannot be called '" + name
                    + "': give it 1 to 32 letters, digits or underscores, no digit first");
        }
        return name;
    }
}
