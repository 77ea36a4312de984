package dev.muster.concurrency.memory;

import dev.muster.concurrency.Places;
import dev.muster.memory.Table;
import dev.muster.memory.TableCursor;
import java.nio.charset.StandardCharsets;

/// A table with a key, and a cursor for each of two actors, for each place.
final class Rows {
    final Table table;
    private final byte[][] keys = new byte[Places.COUNT][];
    private final TableCursor[] first = new TableCursor[Places.COUNT];
    private final TableCursor[] second = new TableCursor[Places.COUNT];

    Rows(Table table) {
        this.table = table;
        for (int place = 0; place < Places.COUNT; place++) {
            keys[place] = ("row-" + place).getBytes(StandardCharsets.US_ASCII);
            first[place] = table.cursor();
            second[place] = table.cursor();
        }
    }

    byte[] key(int place) {
        return keys[place];
    }

    TableCursor first(int place) {
        return first[place];
    }

    TableCursor second(int place) {
        return second[place];
    }
}
