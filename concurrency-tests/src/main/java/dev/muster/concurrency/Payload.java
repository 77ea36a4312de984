package dev.muster.concurrency;

import java.nio.charset.StandardCharsets;

/// Text that shows by itself whether it is whole: one digit, again and again, and each digit has its own length.
///
/// **Threads:** any; nothing changes.
public final class Payload {
    /// The longest one in bytes.
    public static final int LONGEST = 1024;

    /// What [#read] says of anything else.
    public static final int TORN = -2;

    private static final int DIGITS = 5;
    private static final int SHORTER = 96;
    private static final byte[][] BYTES = new byte[DIGITS][];
    private static final String[] TEXTS = new String[DIGITS];

    static {
        for (int digit = 0; digit < DIGITS; digit++) {
            TEXTS[digit] = Integer.toString(digit).repeat(LONGEST - SHORTER * digit);
            BYTES[digit] = TEXTS[digit].getBytes(StandardCharsets.US_ASCII);
        }
    }

    private Payload() {}

    /// The payload of a digit, 0 to 4; not to be changed.
    public static byte[] bytes(int digit) {
        return BYTES[digit];
    }

    /// The same as text.
    public static String text(int digit) {
        return TEXTS[digit];
    }

    /// The digit of which this is the payload, or [#TORN].
    public static int read(byte[] bytes, int length) {
        int digit = length == 0 ? TORN : bytes[0] - '0';
        if (digit < 0 || digit >= DIGITS || BYTES[digit].length != length) {
            return TORN;
        }
        for (int i = 1; i < length; i++) {
            if (bytes[i] != bytes[0]) {
                return TORN;
            }
        }
        return digit;
    }

    /// The same of text.
    public static int read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return read(bytes, bytes.length);
    }
}
