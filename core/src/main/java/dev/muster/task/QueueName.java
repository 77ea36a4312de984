package dev.muster.task;

/// The rule for names of queues: 1 to 128 characters that every store keeps as they are and a line of a terminal can
/// show, so no control characters and no half of a surrogate pair.
public final class QueueName {
    private static final int MAX_LENGTH = 128;

    private QueueName() {}

    /// @return the name
    /// @throws IllegalArgumentException if it is not legal
    public static String checked(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the name of a queue has 1 to " + MAX_LENGTH + " characters, this one has " + name.length());
        }
        int at = 0;
        while (at < name.length()) {
            int c = name.codePointAt(at);
            if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                throw new IllegalArgumentException("the name of a queue has no control characters and no half of a"
                        + " surrogate pair, this one has " + String.format("U+%04X", c) + " at position " + (at + 1));
            }
            at += Character.charCount(c);
        }
        return name;
    }
}
