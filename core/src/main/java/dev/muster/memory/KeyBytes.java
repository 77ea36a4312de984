package dev.muster.memory;

import static dev.muster.memory.TableDescriptor.ROW_KEY_LENGTH_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_KEY_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Keys as bytes: their hash, and whether a row has them. Eight bytes at a time; the last eight overlap those before
/// where the length is no multiple.
final class KeyBytes {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long FACTOR = 0xFF51_AFD7_ED55_8CCDL;
    private static final int FOLD = 32;

    private KeyBytes() {}

    /// @param seed of the table, so that nobody outside can choose keys which all fall into one bucket
    static long hash(long seed, byte[] key, int offset, int length) {
        long hash = seed ^ length * FACTOR;
        if (length >= Long.BYTES && length <= 2 * Long.BYTES) {
            // As below, without the loop.
            hash = mix(hash ^ (long) LONG.get(key, offset));
            return mix(length == Long.BYTES ? hash : mix(hash ^ (long) LONG.get(key, offset + length - Long.BYTES)));
        }
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(key, at));
        }
        if (at < end) {
            hash = mix(hash ^ (length >= Long.BYTES ? (long) LONG.get(key, end - Long.BYTES) : few(key, at, end)));
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long mixed = value * FACTOR;
        return mixed ^ mixed >>> FOLD;
    }

    private static long few(byte[] key, int from, int end) {
        long word = 0;
        for (int at = from; at < end; at++) {
            word = word << Byte.SIZE | key[at] & 0xFF;
        }
        return word;
    }

    /// Whether a row has this key. The answer means something only if the version of the row is
    /// the same before and after.
    ///
    /// @param row its offset
    /// @param length at most what the table has room for
    static boolean equal(MemorySegment memory, long row, byte[] key, int offset, int length) {
        if (memory.get(JAVA_INT, row + ROW_KEY_LENGTH_OFFSET) != length) {
            return false;
        }
        long there = row + ROW_KEY_OFFSET;
        if (length < Long.BYTES) {
            return equalBytes(memory, there, key, offset, length);
        }
        if (length > 2 * Long.BYTES && !equalWords(memory, there, key, offset, length - Long.BYTES)) {
            return false;
        }
        int last = length - Long.BYTES;
        return memory.get(JAVA_LONG, there) == (long) LONG.get(key, offset)
                && memory.get(JAVA_LONG_UNALIGNED, there + last) == (long) LONG.get(key, offset + last);
    }

    private static boolean equalWords(MemorySegment memory, long there, byte[] key, int offset, int length) {
        for (int done = Long.BYTES; done < length; done += Long.BYTES) {
            if (memory.get(JAVA_LONG, there + done) != (long) LONG.get(key, offset + done)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalBytes(MemorySegment memory, long there, byte[] key, int offset, int length) {
        for (int done = 0; done < length; done++) {
            if (memory.get(JAVA_BYTE, there + done) != key[offset + done]) {
                return false;
            }
        }
        return true;
    }

    static boolean startsWith(MemorySegment memory, long row, byte[] prefix) {
        return MemorySegment.mismatch(
                        memory,
                        row + ROW_KEY_OFFSET,
                        row + ROW_KEY_OFFSET + prefix.length,
                        MemorySegment.ofArray(prefix),
                        0,
                        prefix.length)
                == -1;
    }
}
