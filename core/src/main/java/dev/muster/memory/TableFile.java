package dev.muster.memory;

import static dev.muster.memory.TableDescriptor.RECOVERIES_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_HASH_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_KEY_LENGTH_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_KEY_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_VERSION_OFFSET;
import static dev.muster.memory.TableDescriptor.SEED_OFFSET;
import static dev.muster.memory.TableDescriptor.VERSION_LIVE;
import static dev.muster.memory.TableDescriptor.VERSION_SLOT;
import static dev.muster.memory.TableDescriptor.VERSION_STEP;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A table in its file: the operations on rows of bytes, each of them whole or not done.
///
/// A row has two places for its values. A writer fills the one that is not in force, then stores the version that
/// names it. A reader copies the one in force and looks at the version again.
///
/// **Threads:** any. Writers of one bucket wait for each other, readers for nobody. **Failure:** a writer that dies has
/// changed the row or not; see [TableChains] for what it leaves. One whose stack overflows in between leaves the bucket
/// as the dead do, but says so: to mend it takes more stack than there is.
final class TableFile {
    /// What a write does to a row that is there, and to one that is not.
    enum Write {
        /// Change it, or put it in.
        SET,
        /// Leave it, or put it in.
        ADD,
        /// Change it, or do nothing.
        UPDATE
    }

    final TableLayout layout;
    final TableRows rows;
    final TableChains chains;
    private final Region region;
    private final MemorySegment memory;
    private final long seed;
    private final long every;

    TableFile(Region region, TableLayout layout) {
        this.region = region;
        this.layout = layout;
        memory = region.memory();
        rows = new TableRows(memory, layout);
        chains = new TableChains(region.name(), memory, layout, rows);
        seed = memory.get(JAVA_LONG, SEED_OFFSET);
        every = layout.offsets.length == Long.SIZE ? -1L : (1L << layout.offsets.length) - 1;
    }

    /// Prepares the body of a new file.
    static void fill(MemorySegment memory, TableLayout layout) {
        memory.set(JAVA_LONG, SEED_OFFSET, new SecureRandom().nextLong());
        TableRows.fill(memory, layout);
    }

    String name() {
        return region.name();
    }

    long bytes() {
        return memory.byteSize();
    }

    MemoryException lost(InternalError error) {
        return region.lost(error);
    }

    private long hash(byte[] key, int from, int length) {
        Objects.checkFromIndexSize(from, length, key.length);
        if (length > layout.keyCapacity) {
            throw new LimitException("a key of %d bytes is too long for the table %s: its keys have at most %d"
                    .formatted(length, name(), layout.keyCapacity));
        }
        return KeyBytes.hash(seed, key, from, length);
    }

    // ---- reading

    /// Copies the values of a row.
    ///
    /// @param sight tells then which version was copied
    /// @return false if there is no such row
    boolean read(byte[] key, int from, int length, byte[] values, RowSight sight) {
        long hash = hash(key, from, length);
        while (chains.find(hash, key, from, length, sight)) {
            MemorySegment.copy(memory, JAVA_BYTE, rows.values(sight.at, sight.version), values, 0, layout.valuesLength);
            if (unchanged(sight)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /// One word of the values of a row.
    ///
    /// @param absent what to return if there is no such row
    long readLong(byte[] key, int from, int length, int offset, long absent, RowSight sight) {
        long hash = hash(key, from, length);
        while (chains.find(hash, key, from, length, sight)) {
            long value = memory.get(JAVA_LONG, rows.values(sight.at, sight.version) + offset);
            if (unchanged(sight)) {
                return value;
            }
            Thread.onSpinWait();
        }
        return absent;
    }

    boolean contains(byte[] key, int from, int length, RowSight sight) {
        long hash = hash(key, from, length);
        while (chains.find(hash, key, from, length, sight)) {
            // The key may be that of a row which is about to be put in, under the version of the one before.
            if (unchanged(sight)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /// Copies key and values of a row by its number.
    ///
    /// @return the length of the key, or -1 if there is nothing in it
    int readRow(int row, byte[] key, byte[] values, RowSight sight) {
        sight.at = rows.offset(row);
        while (true) {
            sight.version = Words.getLong(memory, sight.at + ROW_VERSION_OFFSET);
            if ((sight.version & VERSION_LIVE) == 0) {
                return -1;
            }
            sight.hash = memory.get(JAVA_LONG, sight.at + ROW_HASH_OFFSET);
            int length = Math.clamp(memory.get(JAVA_INT, sight.at + ROW_KEY_LENGTH_OFFSET), 0, layout.keyCapacity);
            MemorySegment.copy(memory, JAVA_BYTE, sight.at + ROW_KEY_OFFSET, key, 0, length);
            MemorySegment.copy(memory, JAVA_BYTE, rows.values(sight.at, sight.version), values, 0, layout.valuesLength);
            if (unchanged(sight)) {
                return length;
            }
            Thread.onSpinWait();
        }
    }

    private boolean unchanged(RowSight sight) {
        // Pairs with the fence in prepare(): what was read before is looked at before the version is.
        VarHandle.loadLoadFence();
        return memory.get(JAVA_LONG, sight.at + ROW_VERSION_OFFSET) == sight.version;
    }

    /// The number of the next row that has something in it, from this one on; 0 if there is none.
    int nextRow(int from) {
        for (int row = from; row <= layout.rows; row++) {
            if (rows.state(row) != TableDescriptor.STATE_FREE && rows.live(row)) {
                return row;
            }
        }
        return 0;
    }

    boolean startsWith(int row, byte[] prefix) {
        long at = rows.offset(row);
        return memory.get(JAVA_INT, at + ROW_KEY_LENGTH_OFFSET) >= prefix.length
                && prefix.length <= layout.keyCapacity
                && KeyBytes.startsWith(memory, at, prefix);
    }

    // ---- writing

    /// Stores the values of those columns whose bit is set.
    ///
    /// @return whether there was such a row
    /// @throws LimitException if it was to be put in, and there is no room
    boolean write(Write what, byte[] key, int from, int length, byte[] values, long columns) {
        long hash = hash(key, from, length);
        int bucket = chains.bucket(hash);
        chains.lock(bucket);
        long left = Owner.NONE;
        try {
            int row = chains.findLocked(bucket, hash, key, from, length);
            if (row == 0) {
                if (what != Write.UPDATE) {
                    insert(bucket, hash, key, from, length, values, columns);
                }
                return false;
            }
            if (what != Write.ADD) {
                change(rows.offset(row), values, columns);
            }
            return true;
        } catch (VirtualMachineError e) {
            left = Owner.ABANDONED;
            throw e;
        } finally {
            chains.unlock(bucket, left);
        }
    }

    /// Stores values if the row still has the version that was read.
    boolean replace(RowSight read, byte[] values, long columns) {
        int bucket = chains.bucket(read.hash);
        chains.lock(bucket);
        long left = Owner.NONE;
        try {
            // Versions of a row are never used again, for whichever key.
            if (memory.get(JAVA_LONG, read.at + ROW_VERSION_OFFSET) != read.version) {
                return false;
            }
            change(read.at, values, columns);
            return true;
        } catch (VirtualMachineError e) {
            left = Owner.ABANDONED;
            throw e;
        } finally {
            chains.unlock(bucket, left);
        }
    }

    /// Stores values if certain columns of the row have certain values.
    boolean replaceIf(byte[] key, int from, int length, byte[] expected, long compared, byte[] values, long columns) {
        long hash = hash(key, from, length);
        int bucket = chains.bucket(hash);
        chains.lock(bucket);
        long left = Owner.NONE;
        try {
            int row = chains.findLocked(bucket, hash, key, from, length);
            if (row == 0 || !matches(rows.offset(row), expected, compared)) {
                return false;
            }
            change(rows.offset(row), values, columns);
            return true;
        } catch (VirtualMachineError e) {
            left = Owner.ABANDONED;
            throw e;
        } finally {
            chains.unlock(bucket, left);
        }
    }

    /// Adds to a column of numbers; a row that is not there is put in.
    ///
    /// @param delta a number, or the bits of one
    /// @return the sum, or its bits
    long add(byte[] key, int from, int length, int column, long delta, byte[] values) {
        long hash = hash(key, from, length);
        int bucket = chains.bucket(hash);
        chains.lock(bucket);
        long left = Owner.NONE;
        try {
            int row = chains.findLocked(bucket, hash, key, from, length);
            long before = row == 0 ? 0 : memory.get(JAVA_LONG, inForce(rows.offset(row)) + layout.offsets[column]);
            long sum = layout.columns.get(column).type() == Column.Type.FLOAT64
                    ? Double.doubleToRawLongBits(Double.longBitsToDouble(before) + Double.longBitsToDouble(delta))
                    : Math.addExact(before, delta);
            ValueBytes.putLong(values, layout.offsets[column], sum);
            if (row == 0) {
                insert(bucket, hash, key, from, length, values, 1L << column);
            } else {
                change(rows.offset(row), values, 1L << column);
            }
            return sum;
        } catch (VirtualMachineError e) {
            left = Owner.ABANDONED;
            throw e;
        } finally {
            chains.unlock(bucket, left);
        }
    }

    /// Takes a row out.
    ///
    /// @param values where to put what was in it, if somebody wants to know
    /// @return whether there was one
    boolean remove(byte[] key, int from, int length, byte @Nullable [] values) {
        long hash = hash(key, from, length);
        int bucket = chains.bucket(hash);
        chains.lock(bucket);
        long left = Owner.NONE;
        try {
            int row = chains.findLocked(bucket, hash, key, from, length);
            if (row == 0) {
                return false;
            }
            if (values != null) {
                MemorySegment.copy(memory, JAVA_BYTE, inForce(rows.offset(row)), values, 0, layout.valuesLength);
            }
            chains.takeOut(bucket, row);
            return true;
        } catch (VirtualMachineError e) {
            left = Owner.ABANDONED;
            throw e;
        } finally {
            chains.unlock(bucket, left);
        }
    }

    private long inForce(long at) {
        return rows.values(at, memory.get(JAVA_LONG, at + ROW_VERSION_OFFSET));
    }

    /// Makes sure that readers which still copy what is now to be overwritten will notice: the version that they
    /// have is gone before the first byte changes.
    private static void prepare() {
        VarHandle.storeStoreFence();
    }

    private void change(long at, byte[] values, long columns) {
        long version = memory.get(JAVA_LONG, at + ROW_VERSION_OFFSET);
        long next = version + VERSION_STEP ^ VERSION_SLOT;
        long to = rows.values(at, next);
        prepare();
        if (columns == every) {
            MemorySegment.copy(values, 0, memory, JAVA_BYTE, to, layout.valuesLength);
        } else {
            MemorySegment.copy(memory, rows.values(at, version), memory, to, layout.valuesLength);
            overlay(to, values, columns);
        }
        FaultPoint.reached("change.filled");
        // Pairs with the first load of the version by readers: the values are complete.
        Words.setLong(memory, at + ROW_VERSION_OFFSET, next);
        FaultPoint.reached("change.done");
    }

    private void insert(int bucket, long hash, byte[] key, int from, int length, byte[] values, long columns) {
        int row = take(bucket);
        long at = rows.offset(row);
        FaultPoint.reached("insert.taken");
        prepare();
        memory.set(JAVA_LONG, at + ROW_HASH_OFFSET, hash);
        memory.set(JAVA_INT, at + ROW_KEY_LENGTH_OFFSET, length);
        MemorySegment.copy(key, from, memory, JAVA_BYTE, at + ROW_KEY_OFFSET, length);
        long to = inForce(at);
        if (columns == every) {
            MemorySegment.copy(values, 0, memory, JAVA_BYTE, to, layout.valuesLength);
        } else {
            memory.asSlice(to, layout.valuesLength).fill((byte) 0);
            overlay(to, values, columns);
        }
        chains.putIn(bucket, row);
    }

    private int take(int bucket) {
        int row = rows.take(bucket);
        if (row == 0) {
            row = rows.takeUnmarked(bucket);
        }
        // What the dead have left in between counts as free.
        if (row == 0 && recover(bucket)) {
            row = rows.take(bucket);
        }
        if (row == 0) {
            throw new LimitException("the table %s is full: it has room for %d rows; remove some, or declare more"
                    .formatted(name(), layout.rows));
        }
        return row;
    }

    private boolean recover(int locked) {
        boolean recovered = false;
        for (int row = 1; row <= layout.rows; row++) {
            int state = rows.state(row);
            int bucket = TableRows.bucket(state);
            if (state < 0 && bucket != locked) {
                long owner = chains.owner(bucket);
                if (chains.takeOver(bucket, owner)) {
                    chains.unlock(bucket, Owner.NONE);
                    recovered = true;
                }
            }
        }
        return recovered;
    }

    private void overlay(long to, byte[] values, long columns) {
        for (long left = columns; left != 0; left &= left - 1) {
            int column = Long.numberOfTrailingZeros(left);
            int offset = layout.offsets[column];
            MemorySegment.copy(values, offset, memory, JAVA_BYTE, to + offset, used(values, column));
        }
    }

    private int used(byte[] values, int column) {
        return layout.columns.get(column).variable()
                ? TableDescriptor.VALUE_BODY_OFFSET + ValueBytes.getInt(values, layout.offsets[column])
                : Long.BYTES;
    }

    private boolean matches(long at, byte[] expected, long columns) {
        long there = inForce(at);
        for (long left = columns; left != 0; left &= left - 1) {
            int column = Long.numberOfTrailingZeros(left);
            int offset = layout.offsets[column];
            // The length of a value comes before it, so that a longer one differs within the bytes of a shorter one.
            int used = used(expected, column);
            MemorySegment mine = MemorySegment.ofArray(expected);
            if (MemorySegment.mismatch(memory, there + offset, there + offset + used, mine, offset, offset + used)
                    != -1) {
                return false;
            }
        }
        return true;
    }

    // ---- figures

    TableStats stats() {
        int longest = 0;
        for (int bucket = 0; bucket < layout.buckets; bucket++) {
            longest = Math.max(longest, chains.length(bucket));
        }
        return new TableStats(
                name(), rows.size(), layout.rows, memory.byteSize(), longest, Words.getLong(memory, RECOVERIES_OFFSET));
    }
}
