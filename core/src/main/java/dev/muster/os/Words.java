package dev.muster.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Single words of memory that several processes have mapped. They are aligned, so that each store is seen as a whole,
/// and the operations that read and write are those of the processor: they hold between processes as they do between
/// threads.
///
/// Loads acquire and stores release; the operations that compare or combine are volatile, and so are those that say so.
///
/// **Threads:** any. **Lifetime:** that of the segment. **Failure:** a store is there or not, whoever dies.
public final class Words {
    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private Words() {}

    public static int getInt(MemorySegment memory, long offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    public static void setInt(MemorySegment memory, long offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    public static int getIntVolatile(MemorySegment memory, long offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    public static void setIntVolatile(MemorySegment memory, long offset, int value) {
        INT.setVolatile(memory, offset, value);
    }

    public static boolean replaceInt(MemorySegment memory, long offset, int expected, int value) {
        return INT.compareAndSet(memory, offset, expected, value);
    }

    /// @return the value before
    public static int addInt(MemorySegment memory, long offset, int delta) {
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    public static long getLong(MemorySegment memory, long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    public static void setLong(MemorySegment memory, long offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    public static long getLongVolatile(MemorySegment memory, long offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    public static void setLongVolatile(MemorySegment memory, long offset, long value) {
        LONG.setVolatile(memory, offset, value);
    }

    public static boolean replaceLong(MemorySegment memory, long offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    /// @return the value before
    public static long addLong(MemorySegment memory, long offset, long delta) {
        return (long) LONG.getAndAdd(memory, offset, delta);
    }

    public static void raiseBits(MemorySegment memory, long offset, long bits) {
        var _ = (long) LONG.getAndBitwiseOr(memory, offset, bits);
    }

    public static void clearBits(MemorySegment memory, long offset, long bits) {
        var _ = (long) LONG.getAndBitwiseAnd(memory, offset, ~bits);
    }

    public static void setBytes(MemorySegment memory, long offset, byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, offset, bytes.length);
    }

    public static byte[] getBytes(MemorySegment memory, long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(memory, JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }
}
