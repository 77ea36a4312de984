package dev.muster.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Numbers in the values of a row, as this process has copied them.
final class ValueBytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private ValueBytes() {}

    static int getInt(byte[] values, int offset) {
        return (int) INT.get(values, offset);
    }

    static void putInt(byte[] values, int offset, int value) {
        INT.set(values, offset, value);
    }

    static long getLong(byte[] values, int offset) {
        return (long) LONG.get(values, offset);
    }

    static void putLong(byte[] values, int offset, long value) {
        LONG.set(values, offset, value);
    }
}
