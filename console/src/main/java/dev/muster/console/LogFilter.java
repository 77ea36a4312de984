package dev.muster.console;

/// Chooses the lines of one slot. A line looks like `2026-11-23T12:00:00.123Z INFO Ticker#1[812] logger - message`;
/// lines that do not begin so (a stack trace) belong to the one before them.
///
/// @param name of the slot, with or without its instance number; empty for all
record LogFilter(String name) {
    private static final int TIME_END = "2026-11-23T12:00:00.123Z".length();

    /// Whether a line begins an entry.
    static boolean begins(String line) {
        return line.length() > TIME_END
                && line.charAt(TIME_END) == ' '
                && line.charAt(TIME_END - 1) == 'Z'
                && line.charAt(10) == 'T'
                && line.charAt(4) == '-';
    }

    /// The time of a line that begins an entry; comparable as text.
    static String time(String line) {
        return line.substring(0, TIME_END);
    }

    /// Whether an entry is wanted.
    ///
    /// @param line its first line
    boolean wants(String line) {
        if (name.isEmpty()) {
            return true;
        }
        int nameStart = line.indexOf(' ', TIME_END + 1) + 1;
        int nameEnd = line.indexOf('[', nameStart);
        if (!begins(line) || nameStart == 0 || nameEnd < 0) {
            return false;
        }
        String found = line.substring(nameStart, nameEnd).strip();
        return found.equals(name) || found.startsWith(name + "#");
    }
}
