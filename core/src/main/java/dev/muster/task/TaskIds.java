package dev.muster.task;

import java.security.SecureRandom;

/// Makes ids: 26 characters, ten for the time in milliseconds, four that count within it, twelve that differ from
/// process to process. Ids of one process sort in the order in which they were made.
///
/// **Threads:** safe for use by many threads.
public final class TaskIds {
    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int COUNTS = 1 << 20;

    private final long process = new SecureRandom().nextLong();
    // Guarded by `this`.
    private long millis;
    private int count;

    /// A new one.
    public synchronized String next() {
        long now = System.currentTimeMillis();
        if (now > millis) {
            millis = now;
            count = 0;
        } else if (++count == COUNTS) {
            millis++;
            count = 0;
        }
        char[] id = new char[26];
        digits(id, 0, 10, millis);
        digits(id, 10, 4, count);
        digits(id, 14, 12, process);
        return new String(id);
    }

    private static void digits(char[] id, int from, int length, long value) {
        for (int i = from + length - 1; i >= from; i--) {
            id[i] = DIGITS[(int) value & 31];
            value >>>= 5;
        }
    }
}
