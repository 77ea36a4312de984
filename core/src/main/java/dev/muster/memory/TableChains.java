package dev.muster.memory;

import static dev.muster.memory.TableDescriptor.BUCKET_HEAD_OFFSET;
import static dev.muster.memory.TableDescriptor.BUCKET_LENGTH;
import static dev.muster.memory.TableDescriptor.BUCKET_OWNER_OFFSET;
import static dev.muster.memory.TableDescriptor.BUCKET_VERSION_OFFSET;
import static dev.muster.memory.TableDescriptor.RECOVERIES_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_HASH_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_NEXT_OFFSET;
import static dev.muster.memory.TableDescriptor.ROW_VERSION_OFFSET;
import static dev.muster.memory.TableDescriptor.VERSION_LIVE;
import static dev.muster.memory.TableDescriptor.VERSION_STEP;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;

/// The chains of a table: each key belongs to one bucket, and the rows of a bucket are linked to each other. Who
/// changes anything holds the lock of the bucket; who reads holds nothing.
///
/// A row is there for readers if and only if its version says LIVE: it is linked before, and unlinked after. That one
/// store makes a change whole.
///
/// **Threads:** any. **Failure:** the lock of a dead process goes to the next one who wants it, which first brings to
/// an end what the dead one had begun.
final class TableChains {
    private final ShortLock locks;
    private final MemorySegment memory;
    private final TableLayout layout;
    private final TableRows rows;

    TableChains(String table, MemorySegment memory, TableLayout layout, TableRows rows) {
        locks = new ShortLock(memory, "table " + table);
        this.memory = memory;
        this.layout = layout;
        this.rows = rows;
    }

    /// The bucket of a key with this hash.
    int bucket(long hash) {
        return (int) hash & (layout.buckets - 1);
    }

    private long offset(int bucket) {
        return layout.bucketsOffset + (long) bucket * BUCKET_LENGTH;
    }

    /// Finds a row for a reader.
    ///
    /// @param sight where to tell which row it is and with which version it had the key: what is read of it then
    ///     holds only if it still has that version afterwards
    /// @return false if there was none at some instant during the call
    boolean find(long hash, byte[] key, int from, int length, RowSight sight) {
        long at = offset(bucket(hash));
        while (true) {
            int before = Words.getInt(memory, at + BUCKET_VERSION_OFFSET);
            int row = Words.getInt(memory, at + BUCKET_HEAD_OFFSET);
            // A row that is taken out and put into another chain leads a reader there, maybe for ever.
            for (int steps = 0; row != 0 && steps <= layout.rows; steps++) {
                long there = rows.offset(row);
                long version = Words.getLong(memory, there + ROW_VERSION_OFFSET);
                if ((version & VERSION_LIVE) != 0
                        && memory.get(JAVA_LONG, there + ROW_HASH_OFFSET) == hash
                        && KeyBytes.equal(memory, there, key, from, length)) {
                    sight.at = there;
                    sight.hash = hash;
                    sight.version = version;
                    return true;
                }
                row = Words.getInt(memory, there + ROW_NEXT_OFFSET);
            }
            // Pairs with the store in unlink(): a reader that was led astray sees another version.
            if (Words.getInt(memory, at + BUCKET_VERSION_OFFSET) == before) {
                return false;
            }
            Thread.onSpinWait();
        }
    }

    /// The same under the lock of the bucket, where nothing moves.
    int findLocked(int bucket, long hash, byte[] key, int from, int length) {
        int row = Words.getInt(memory, offset(bucket) + BUCKET_HEAD_OFFSET);
        while (row != 0) {
            long there = rows.offset(row);
            if (memory.get(JAVA_LONG, there + ROW_HASH_OFFSET) == hash
                    && KeyBytes.equal(memory, there, key, from, length)) {
                return row;
            }
            row = Words.getInt(memory, there + ROW_NEXT_OFFSET);
        }
        return 0;
    }

    /// Locks a bucket, for the length of a few stores. Whatever else of a table is changed atomically lies before
    /// the buckets in the file, see [ShortLock#tryLock(long)].
    ///
    /// @throws MemoryException if a living process does not give it back
    void lock(int bucket) {
        long at = offset(bucket) + BUCKET_OWNER_OFFSET;
        if (!locks.tryLock(at)) {
            locks.await(at, () -> mend(bucket));
        }
    }

    /// Takes the lock from a dead process.
    ///
    /// @return false if that is not what holds it
    boolean takeOver(int bucket, long owner) {
        return locks.takeOver(offset(bucket) + BUCKET_OWNER_OFFSET, owner, () -> mend(bucket));
    }

    private void mend(int bucket) {
        for (int row = 1; row <= layout.rows; row++) {
            if (rows.state(row) == -(bucket + 1)) {
                mend(bucket, row);
            }
        }
        var _ = Words.addLong(memory, RECOVERIES_OFFSET, 1);
    }

    private void mend(int bucket, int row) {
        if (rows.live(row)) {
            // It was put in, or not yet taken out; both leave it in the chain.
            rows.settle(row, bucket);
        } else {
            unlink(bucket, row);
            rows.free(row);
        }
    }

    /// Who holds a bucket.
    long owner(int bucket) {
        return locks.owner(offset(bucket) + BUCKET_OWNER_OFFSET);
    }

    /// Gives a bucket back.
    ///
    /// @param left nobody, or [Owner#ABANDONED] if something of it may be half done: the next one mends it
    void unlock(int bucket, long left) {
        FaultPoint.reached("table.unlock");
        locks.unlock(offset(bucket) + BUCKET_OWNER_OFFSET, left);
    }

    /// Puts a row that is in between, and complete but for being LIVE, into the chain of the bucket, and makes it
    /// LIVE. Under its lock.
    void putIn(int bucket, int row) {
        long head = offset(bucket) + BUCKET_HEAD_OFFSET;
        long at = rows.offset(row);
        Words.setInt(memory, at + ROW_NEXT_OFFSET, Words.getInt(memory, head));
        FaultPoint.reached("insert.filled");
        Words.setInt(memory, head, row);
        FaultPoint.reached("insert.linked");
        long version = memory.get(JAVA_LONG, at + ROW_VERSION_OFFSET);
        // Pairs with the first load of the version by readers: key and values are complete.
        Words.setLong(memory, at + ROW_VERSION_OFFSET, version + VERSION_STEP | VERSION_LIVE);
        FaultPoint.reached("insert.live");
        rows.settle(row, bucket);
    }

    /// Takes a row out of the chain of the bucket and frees it. Under its lock.
    void takeOut(int bucket, int row) {
        long at = rows.offset(row);
        rows.between(row, bucket);
        FaultPoint.reached("remove.between");
        long version = memory.get(JAVA_LONG, at + ROW_VERSION_OFFSET);
        Words.setLong(memory, at + ROW_VERSION_OFFSET, version + VERSION_STEP & ~VERSION_LIVE);
        FaultPoint.reached("remove.dead");
        unlink(bucket, row);
        FaultPoint.reached("remove.unlinked");
        rows.free(row);
    }

    private void unlink(int bucket, int row) {
        long link = offset(bucket) + BUCKET_HEAD_OFFSET;
        int at = Words.getInt(memory, link);
        while (at != 0 && at != row) {
            link = rows.offset(at) + ROW_NEXT_OFFSET;
            at = Words.getInt(memory, link);
        }
        if (at == row) {
            Words.setInt(memory, link, Words.getInt(memory, rows.offset(row) + ROW_NEXT_OFFSET));
        }
        FaultPoint.reached("remove.skipped");
        // Before the row is free: who puts it into another chain does so after this, and a reader that follows it
        // there sees this.
        long version = offset(bucket) + BUCKET_VERSION_OFFSET;
        Words.setInt(memory, version, Words.getInt(memory, version) + 1);
    }

    /// How many rows the chain of a bucket has; at most those of the table.
    int length(int bucket) {
        int row = Words.getInt(memory, offset(bucket) + BUCKET_HEAD_OFFSET);
        int length = 0;
        while (row != 0 && length < layout.rows) {
            length++;
            row = Words.getInt(memory, rows.offset(row) + ROW_NEXT_OFFSET);
        }
        return length;
    }
}
