package dev.muster.supervise;

import java.io.ByteArrayOutputStream;

/// Bytes that are collected and taken from the front.
///
/// **Threads:** one.
final class LogBytes extends ByteArrayOutputStream {
    /// Begins and ends a record.
    static final int RS = 0x1e;
    /// Parts the channel of a record from its text.
    static final int US = 0x1f;

    static final int LF = '\n';

    private static final int KEPT = 64 << 10;

    byte[] array() {
        return buf;
    }

    /// @return 0 to 255, or -1 behind the end
    int at(int index) {
        return index < count ? buf[index] & 0xff : -1;
    }

    void drop(int first) {
        int rest = count - first;
        byte[] target = buf.length > KEPT && rest < KEPT / 4 ? new byte[KEPT / 4] : buf;
        System.arraycopy(buf, first, target, 0, rest);
        buf = target;
        count = rest;
    }
}
