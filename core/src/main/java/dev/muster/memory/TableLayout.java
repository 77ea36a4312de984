package dev.muster.memory;

import static dev.muster.memory.RegionDescriptor.BLOCK_LENGTH;
import static dev.muster.memory.RegionDescriptor.CACHE_LINE_LENGTH;
import static dev.muster.memory.RegionDescriptor.align;
import static dev.muster.memory.TableDescriptor.BUCKET_LENGTH;
import static dev.muster.memory.TableDescriptor.MAX_COLUMNS;
import static dev.muster.memory.TableDescriptor.MAX_KEY_LENGTH;
import static dev.muster.memory.TableDescriptor.MAX_ROWS;
import static dev.muster.memory.TableDescriptor.MAX_VALUES_LENGTH;
import static dev.muster.memory.TableDescriptor.ROW_KEY_OFFSET;
import static dev.muster.memory.TableDescriptor.STATES_OFFSET;
import static dev.muster.memory.TableDescriptor.STATE_LENGTH;
import static dev.muster.memory.TableDescriptor.VALUE_BODY_OFFSET;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Where everything is in a table of a given schema. Worked out from the schema alone, so that all processes agree.
///
/// ```text
/// header | seed | hint | recoveries | row states | free bits | buckets | row 0 | row 1 | …
/// row:     version hash next key | values 0 | values 1
/// ```
final class TableLayout {
    final int rows;
    final int keyCapacity;
    final List<Column> columns;
    /// Of each column, for those who look often.
    final Column.Type[] types;
    /// Of each column within the values of a row.
    final int[] offsets;
    /// Of all values of a row, a multiple of 8.
    final int valuesLength;

    final int buckets;
    final int freeWords;
    final long freeOffset;
    final long bucketsOffset;
    final long rowsOffset;
    /// From the start of a row to its values 0.
    final int valuesOffset;

    final int rowLength;
    final long fileLength;

    private final Map<String, Integer> indexes = new HashMap<>();

    /// @throws IllegalArgumentException if a limit is exceeded, or a column is there twice
    TableLayout(String table, int rows, int keyCapacity, List<Column> columns) {
        require(rows >= 1 && rows <= MAX_ROWS, table, "rows=" + rows, "1 to " + MAX_ROWS);
        require(
                keyCapacity >= 1 && keyCapacity <= MAX_KEY_LENGTH,
                table,
                "key=" + keyCapacity + " bytes",
                "1 to " + MAX_KEY_LENGTH);
        require(
                !columns.isEmpty() && columns.size() <= MAX_COLUMNS,
                table,
                columns.size() + " columns",
                "1 to " + MAX_COLUMNS);
        this.rows = rows;
        this.keyCapacity = keyCapacity;
        this.columns = List.copyOf(columns);
        types = columns.stream().map(Column::type).toArray(Column.Type[]::new);
        offsets = new int[columns.size()];
        long length = 0;
        for (int i = 0; i < offsets.length; i++) {
            Column column = columns.get(i);
            offsets[i] = (int) length;
            length += align((column.variable() ? VALUE_BODY_OFFSET : 0) + column.capacity(), Long.BYTES);
            require(
                    length <= MAX_VALUES_LENGTH,
                    table,
                    "columns of " + length + " bytes or more",
                    "at most " + MAX_VALUES_LENGTH);
            require(
                    indexes.put(column.name(), i) == null,
                    table,
                    "two columns called " + column.name(),
                    "different names");
        }
        valuesLength = (int) length;
        // Between one and two thirds of the buckets are in use in a full table, so most chains have one row.
        buckets = Integer.highestOneBit(Math.max(1, rows - 1) * 3);
        freeWords = (rows + Long.SIZE - 1) / Long.SIZE;
        freeOffset = align(STATES_OFFSET + (long) rows * STATE_LENGTH, BLOCK_LENGTH);
        bucketsOffset = align(freeOffset + (long) freeWords * Long.BYTES, BLOCK_LENGTH);
        rowsOffset = align(bucketsOffset + (long) buckets * BUCKET_LENGTH, BLOCK_LENGTH);
        valuesOffset = (int) align(ROW_KEY_OFFSET + keyCapacity, Long.BYTES);
        rowLength = (int) align(valuesOffset + 2L * valuesLength, CACHE_LINE_LENGTH);
        fileLength = rowsOffset + (long) rows * rowLength;
    }

    private static void require(boolean legal, String table, String found, String rule) {
        if (!legal) {
            throw new IllegalArgumentException(
                    "the table %s cannot have %s: legal are %s".formatted(table, found, rule));
        }
    }

    /// What stands in the header of the file: two processes with the same text agree on every byte.
    String schema() {
        StringBuilder text =
                new StringBuilder("rows=").append(rows).append(" key=").append(keyCapacity);
        for (Column column : columns) {
            text.append(' ')
                    .append(column.name())
                    .append(':')
                    .append(column.type().name().toLowerCase(Locale.ROOT));
            if (column.variable()) {
                text.append(':').append(column.capacity());
            }
        }
        return text.toString();
    }

    /// The number of a column.
    ///
    /// @throws IllegalArgumentException if there is none of this name
    int index(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            throw new IllegalArgumentException("there is no column '" + column + "' in this table; it has "
                    + columns.stream().map(Column::name).toList());
        }
        return index;
    }

    /// Reads what [#schema()] wrote.
    static TableLayout parse(String table, String schema) {
        String[] words = schema.split(" ", -1);
        List<Column> columns = new ArrayList<>();
        for (int i = 2; i < words.length; i++) {
            String[] parts = words[i].split(":", -1);
            Column.Type type = Column.Type.valueOf(parts[1].toUpperCase(Locale.ROOT));
            columns.add(new Column(parts[0], type, parts.length > 2 ? Integer.parseInt(parts[2]) : Long.BYTES));
        }
        return new TableLayout(
                table,
                Integer.parseInt(words[0].substring("rows=".length())),
                Integer.parseInt(words[1].substring("key=".length())),
                columns);
    }
}
