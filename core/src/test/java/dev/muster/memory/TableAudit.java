package dev.muster.memory;

import static dev.muster.memory.TableDescriptor.BUCKET_HEAD_OFFSET;
import static dev.muster.memory.TableDescriptor.BUCKET_LENGTH;
import static dev.muster.memory.TableDescriptor.ROW_NEXT_OFFSET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// Looks at every byte of the index of a table that nobody changes: no lock is held, every row is either free or in
/// exactly one chain, the one that its state names, and nothing is in between.
final class TableAudit {
    private TableAudit() {}

    static void check(Table table) {
        TableFile file = open(table);
        TableLayout layout = file.layout;
        MemorySegment memory = memory(table);
        Map<Integer, Integer> bucketOf = new HashMap<>();
        for (int bucket = 0; bucket < layout.buckets; bucket++) {
            assertThat(file.chains.owner(bucket))
                    .as("owner of bucket %d", bucket)
                    .isZero();
            int row = Words.getInt(memory, layout.bucketsOffset + (long) bucket * BUCKET_LENGTH + BUCKET_HEAD_OFFSET);
            while (row != 0) {
                assertThat(bucketOf.put(row, bucket))
                        .as("row %d in a second chain", row)
                        .isNull();
                assertThat(file.rows.live(row))
                        .as("row %d in a chain is live", row)
                        .isTrue();
                row = Words.getInt(memory, file.rows.offset(row) + ROW_NEXT_OFFSET);
            }
        }
        for (int row = 1; row <= layout.rows; row++) {
            Integer bucket = bucketOf.get(row);
            assertThat(file.rows.state(row)).as("state of row %d", row).isEqualTo(bucket == null ? 0 : bucket + 1);
            if (bucket == null) {
                assertThat(file.rows.live(row)).as("free row %d is live", row).isFalse();
            }
        }
        assertThat(table.size()).isEqualTo(bucketOf.size());
    }

    /// How many parts of the index somebody holds.
    static long held(Table table) {
        TableFile file = open(table);
        return IntStream.range(0, file.layout.buckets)
                .filter(bucket -> file.chains.owner(bucket) != Owner.NONE)
                .count();
    }

    /// Locks and unlocks every part of the index, as writers of all keys would.
    static void touchAll(Table table) {
        TableFile file = open(table);
        for (int bucket = 0; bucket < file.layout.buckets; bucket++) {
            file.chains.lock(bucket);
            file.chains.unlock(bucket, Owner.NONE);
        }
    }

    private static TableFile open(Table table) {
        return new TableFile(region(table), new TableLayout(table.name(), table.capacity(), 64, table.columns()));
    }

    private static MemorySegment memory(Table table) {
        return region(table).memory();
    }

    private static Region region(Table table) {
        TableLayout layout = new TableLayout(table.name(), table.capacity(), 64, table.columns());
        return SharedMemory.current(RegionKind.TABLE, table.name())
                .regions()
                .open(RegionKind.TABLE, table.name(), layout.schema(), layout.fileLength, _ -> {});
    }
}
