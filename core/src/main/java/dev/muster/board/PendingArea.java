package dev.muster.board;

import static dev.muster.board.BoardDescriptor.PENDING_BODY_CAPACITY;
import static dev.muster.board.BoardDescriptor.PENDING_BODY_LENGTH_OFFSET;
import static dev.muster.board.BoardDescriptor.PENDING_BODY_OFFSET;
import static dev.muster.board.BoardDescriptor.PENDING_COUNT;
import static dev.muster.board.BoardDescriptor.PENDING_KEY_CAPACITY;
import static dev.muster.board.BoardDescriptor.PENDING_KEY_LENGTH_OFFSET;
import static dev.muster.board.BoardDescriptor.PENDING_KEY_OFFSET;
import static dev.muster.board.BoardDescriptor.PENDING_LENGTH;
import static dev.muster.board.BoardDescriptor.PENDING_ORDER_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The opaque entries that outlive the master. The first word of an entry is its order: 0 for a free one, else a number
/// that grows with every entry; it is stored last. Of two entries with the same key the one with the higher order
/// holds.
///
/// **Threads:** all methods take the one lock of this object; only the master's process calls those that write.
/// **Failure:** a master that dies in [#add] leaves the old entry or the new one, or both, in which case the new one
/// holds.
final class PendingArea {
    private final MemorySegment memory;

    PendingArea(MemorySegment memory) {
        this.memory = memory;
    }

    synchronized boolean add(String key, byte[] entry) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > PENDING_KEY_CAPACITY) {
            throw new IllegalArgumentException("cannot keep entry '%s' on the board: key of %d bytes, legal are 1 to %d"
                    .formatted(key, name.length, PENDING_KEY_CAPACITY));
        }
        if (entry.length > PENDING_BODY_CAPACITY) {
            throw new IllegalArgumentException("cannot keep entry '%s' on the board: %d bytes, at most %d"
                    .formatted(key, entry.length, PENDING_BODY_CAPACITY));
        }
        long free = -1;
        long last = 0;
        for (int index = 0; index < PENDING_COUNT; index++) {
            long order = Words.getLong(memory, base(index) + PENDING_ORDER_OFFSET);
            last = Math.max(last, order);
            if (order == 0 && free < 0) {
                free = base(index);
            }
        }
        if (free < 0) {
            return false;
        }
        // Pairs with the fence in read(): the 0 of an earlier remove() is visible before the bytes change.
        VarHandle.storeStoreFence();
        memory.set(JAVA_INT, free + PENDING_KEY_LENGTH_OFFSET, name.length);
        memory.set(JAVA_INT, free + PENDING_BODY_LENGTH_OFFSET, entry.length);
        Words.setBytes(memory, free + PENDING_KEY_OFFSET, name);
        Words.setBytes(memory, free + PENDING_BODY_OFFSET, entry);
        // Pairs with the first load of the order in read().
        Words.setLong(memory, free + PENDING_ORDER_OFFSET, last + 1);
        var _ = clear(name, free);
        return true;
    }

    synchronized boolean remove(String key) {
        return clear(key.getBytes(StandardCharsets.UTF_8), -1);
    }

    synchronized Map<String, byte[]> all() {
        List<Entry> entries = new ArrayList<>();
        for (int index = 0; index < PENDING_COUNT; index++) {
            Entry entry = read(base(index));
            if (entry != null) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparingLong(Entry::order));
        Map<String, byte[]> all = new LinkedHashMap<>();
        for (Entry entry : entries) {
            var _ = all.remove(new String(entry.key(), StandardCharsets.UTF_8));
            all.put(new String(entry.key(), StandardCharsets.UTF_8), entry.body());
        }
        return all;
    }

    private boolean clear(byte[] key, long except) {
        boolean found = false;
        for (int index = 0; index < PENDING_COUNT; index++) {
            long base = base(index);
            Entry entry = base == except ? null : read(base);
            if (entry != null && Arrays.equals(entry.key(), key)) {
                Words.setLong(memory, base + PENDING_ORDER_OFFSET, 0);
                found = true;
            }
        }
        return found;
    }

    private @Nullable Entry read(long base) {
        long order = Words.getLong(memory, base + PENDING_ORDER_OFFSET);
        int keyLength = memory.get(JAVA_INT, base + PENDING_KEY_LENGTH_OFFSET);
        int bodyLength = memory.get(JAVA_INT, base + PENDING_BODY_LENGTH_OFFSET);
        if (order <= 0
                || keyLength < 1
                || keyLength > PENDING_KEY_CAPACITY
                || bodyLength < 0
                || bodyLength > PENDING_BODY_CAPACITY) {
            return null;
        }
        byte[] key = Words.getBytes(memory, base + PENDING_KEY_OFFSET, keyLength);
        byte[] body = Words.getBytes(memory, base + PENDING_BODY_OFFSET, bodyLength);
        // Pairs with the fence in add(): the bytes were loaded before the order is looked at again.
        VarHandle.loadLoadFence();
        return Words.getLong(memory, base + PENDING_ORDER_OFFSET) == order ? new Entry(order, key, body) : null;
    }

    private static long base(int index) {
        return (long) index * PENDING_LENGTH;
    }

    /// Private to this file, so the arrays are not copied; equality is not used.
    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(long order, byte[] key, byte[] body) {}
}
