package dev.muster.board;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Single words of shared memory. They are aligned, so that other processes see each store as a whole.
final class Words {
    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private Words() {}

    static int getInt(MemorySegment memory, long offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    static void setInt(MemorySegment memory, long offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    static long getLong(MemorySegment memory, long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    static void setLong(MemorySegment memory, long offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    static boolean replaceLong(MemorySegment memory, long offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    static void addLong(MemorySegment memory, long offset, long delta) {
        var _ = (long) LONG.getAndAdd(memory, offset, delta);
    }

    static void setBytes(MemorySegment memory, long offset, byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, offset, bytes.length);
    }

    static byte[] getBytes(MemorySegment memory, long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(memory, JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }
}
