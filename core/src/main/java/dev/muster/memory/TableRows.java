package dev.muster.memory;

import static dev.muster.memory.TableDescriptor.HINT_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_VERSION_OFFSET;
import static dev.muster.memory.TableDescriptor.STATES_OFFSET;
import static dev.muster.memory.TableDescriptor.STATE_FREE;
import static dev.muster.memory.TableDescriptor.STATE_LENGTH;
import static dev.muster.memory.TableDescriptor.VERSION_LIVE;
import static dev.muster.memory.TableDescriptor.VERSION_SLOT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;

/// Which rows of a table are taken, and by which bucket. Rows count from 1 here, as they do in chains, where 0 is the
/// end.
///
/// The state of a row is 0 while it is free, `b + 1` in the chain of bucket `b`, and `-(b + 1)` while who has locked
/// bucket `b` puts it in or takes it out. So whatever a process leaves that dies in between can be found, and belongs
/// to a bucket whose lock says who it was. The free bits only say where it is worth looking.
///
/// **Threads:** any. **Failure:** a row in between waits for the next one who locks its bucket.
final class TableRows {
    private final MemorySegment memory;
    private final TableLayout layout;

    TableRows(MemorySegment memory, TableLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /// Prepares a new table: all rows are free.
    static void fill(MemorySegment memory, TableLayout layout) {
        for (int word = 0; word < layout.freeWords; word++) {
            int left = layout.rows - word * Long.SIZE;
            Words.setLong(
                    memory, layout.freeOffset + (long) word * Long.BYTES, left >= Long.SIZE ? -1L : (1L << left) - 1);
        }
    }

    /// Where a row begins.
    long offset(int row) {
        return layout.rowsOffset + (long) (row - 1) * layout.rowLength;
    }

    /// Where its values are that this version names.
    long values(long at, long version) {
        // Without a branch, which nobody could foretell.
        return at + layout.valuesOffset + (version & VERSION_SLOT) * layout.valuesLength;
    }

    /// Takes a free row for a bucket; it is in between then.
    ///
    /// @return 0 if none is marked as free
    int take(int bucket) {
        int first = Math.floorMod(memory.get(JAVA_INT, HINT_OFFSET), layout.freeWords);
        for (int n = 0; n < layout.freeWords; n++) {
            int word = first + n < layout.freeWords ? first + n : first + n - layout.freeWords;
            long at = layout.freeOffset + (long) word * Long.BYTES;
            long bits = Words.getLong(memory, at);
            while (bits != 0) {
                long bit = Long.lowestOneBit(bits);
                int row = word * Long.SIZE + Long.numberOfTrailingZeros(bit) + 1;
                Words.clearBits(memory, at, bit);
                if (take(row, bucket)) {
                    memory.set(JAVA_INT, HINT_OFFSET, word);
                    return row;
                }
                bits ^= bit;
            }
        }
        return 0;
    }

    /// Takes a free row whose mark is missing, because who freed it, or was about to take it, died.
    int takeUnmarked(int bucket) {
        for (int row = 1; row <= layout.rows; row++) {
            if (state(row) == STATE_FREE && take(row, bucket)) {
                return row;
            }
        }
        return 0;
    }

    private boolean take(int row, int bucket) {
        return Words.replaceInt(memory, stateOffset(row), STATE_FREE, -(bucket + 1));
    }

    int state(int row) {
        return Words.getInt(memory, stateOffset(row));
    }

    /// Puts a row between in and out. Under the lock of its bucket.
    void between(int row, int bucket) {
        Words.setInt(memory, stateOffset(row), -(bucket + 1));
    }

    void settle(int row, int bucket) {
        Words.setInt(memory, stateOffset(row), bucket + 1);
    }

    void free(int row) {
        Words.setInt(memory, stateOffset(row), STATE_FREE);
        FaultPoint.reached("row.freed");
        int word = (row - 1) / Long.SIZE;
        Words.raiseBits(memory, layout.freeOffset + (long) word * Long.BYTES, 1L << (row - 1));
        memory.set(JAVA_INT, HINT_OFFSET, word);
    }

    /// The bucket that a state belongs to.
    static int bucket(int state) {
        return Math.abs(state) - 1;
    }

    /// How many rows readers can see.
    int size() {
        int size = 0;
        for (int row = 1; row <= layout.rows; row++) {
            int state = state(row);
            if (state > 0 || state < 0 && live(row)) {
                size++;
            }
        }
        return size;
    }

    boolean live(int row) {
        return (Words.getLong(memory, offset(row) + ROW_VERSION_OFFSET) & VERSION_LIVE) != 0;
    }

    private static long stateOffset(int row) {
        return STATES_OFFSET + (long) (row - 1) * STATE_LENGTH;
    }
}
