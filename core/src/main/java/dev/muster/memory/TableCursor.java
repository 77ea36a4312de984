package dev.muster.memory;

import static dev.muster.memory.TableDescriptor.VALUE_BODY_OFFSET;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The way to a table without garbage: keys are bytes (of UTF-8, if anybody is to read them as text), columns are
/// numbers, and the values of one row are in a buffer that is used again and again.
///
/// Columns are numbered from 0 as they were declared, see [Table#column(String)]. A read fills the buffer with all
/// values of the row, as they were at one instant. [#put] changes the buffer only; what was put since the last
/// [#clear()] or read is what a write stores, each write as a whole.
///
/// ```java
/// TableCursor users = USERS.cursor();          // once a thread
/// if (users.read(key)) { long n = users.int64(N); int length = users.copy(VALUE, target, 0); }
/// users.clear().put(N, 7).set(key);
/// ```
///
/// **Threads:** one at a time. **Lifetime:** that of the application; no need to close it. **Failure:** as with
/// [Table].
public final class TableCursor {
    private final TableFile file;
    private final TableLayout layout;
    private final byte[] values;
    private final byte[] key;
    private final RowSight sight = new RowSight();
    private long put;
    private int keyLength;
    private int row;
    private boolean known;

    TableCursor(TableFile file) {
        this.file = file;
        layout = file.layout;
        values = new byte[layout.valuesLength];
        key = new byte[layout.keyCapacity];
    }

    // ---- reading

    /// Reads the row of a key.
    ///
    /// @return false if there is none: the buffer means nothing then
    public boolean read(byte[] key) {
        return read(key, 0, key.length);
    }

    /// Reads the row of a key that is a part of an array.
    public boolean read(byte[] key, int from, int length) {
        put = 0;
        try {
            known = file.read(key, from, length, values, sight);
        } catch (InternalError e) {
            throw file.lost(e);
        }
        return known;
    }

    /// Reads the next row, in no certain order. Each row that is there from the first call to the last is read
    /// exactly once; one that is put in or removed meanwhile may be read or not, and a key that is removed and put
    /// in again may come twice. Nobody waits.
    ///
    /// @return false if there is none left
    public boolean next() {
        return next(NO_PREFIX);
    }

    /// The same for keys that begin with these bytes. Looks at every row of the table.
    public boolean next(byte[] prefix) {
        put = 0;
        known = false;
        try {
            while (row < layout.rows) {
                row = file.nextRow(row + 1);
                if (row == 0) {
                    break;
                }
                if (file.startsWith(row, prefix)) {
                    keyLength = file.readRow(row, key, values, sight);
                    // Looked at again: it may have become another one in between.
                    known = keyLength >= prefix.length && startsWith(prefix);
                    if (known) {
                        return true;
                    }
                }
            }
        } catch (InternalError e) {
            throw file.lost(e);
        }
        row = layout.rows;
        return false;
    }

    private boolean startsWith(byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (key[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /// Lets [#next()] begin anew.
    public TableCursor rewind() {
        row = 0;
        return this;
    }

    /// One number of the row of a key, without reading the others.
    ///
    /// @return 0 if there is no such row
    public long int64(byte[] key, int column) {
        return readLong(key, 0, key.length, column, Column.Type.INT64);
    }

    /// The same with a key that is a part of an array.
    public long int64(byte[] key, int from, int length, int column) {
        return readLong(key, from, length, column, Column.Type.INT64);
    }

    /// One number of the row of a key, without reading the others.
    ///
    /// @return 0 if there is no such row
    public double float64(byte[] key, int column) {
        return Double.longBitsToDouble(readLong(key, 0, key.length, column, Column.Type.FLOAT64));
    }

    /// The same with a key that is a part of an array.
    public double float64(byte[] key, int from, int length, int column) {
        return Double.longBitsToDouble(readLong(key, from, length, column, Column.Type.FLOAT64));
    }

    private long readLong(byte[] key, int from, int length, int column, Column.Type type) {
        int offset = offset(column, type);
        known = false;
        try {
            return file.readLong(key, from, length, offset, 0, sight);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    // ---- the buffer

    /// The number in a column.
    public long int64(int column) {
        return ValueBytes.getLong(values, offset(column, Column.Type.INT64));
    }

    /// The number in a column.
    public double float64(int column) {
        return Double.longBitsToDouble(ValueBytes.getLong(values, offset(column, Column.Type.FLOAT64)));
    }

    /// The length in bytes of the text or bytes in a column.
    public int length(int column) {
        return ValueBytes.getInt(values, variable(column));
    }

    /// Copies the text or bytes in a column.
    ///
    /// @return the length in bytes
    /// @throws IndexOutOfBoundsException if there is no room for them
    public int copy(int column, byte[] target, int offset) {
        int length = length(column);
        System.arraycopy(values, variable(column) + VALUE_BODY_OFFSET, target, offset, length);
        return length;
    }

    /// The text in a column, as a new object.
    public String text(int column) {
        return new String(values, variable(column) + VALUE_BODY_OFFSET, length(column), StandardCharsets.UTF_8);
    }

    /// The bytes in a column, as a new array.
    public byte[] bytes(int column) {
        byte[] copy = new byte[length(column)];
        var _ = copy(column, copy, 0);
        return copy;
    }

    /// The length in bytes of the key of the row that [#next()] has read.
    public int keyLength() {
        return keyLength;
    }

    /// Copies the key of the row that [#next()] has read.
    ///
    /// @return its length in bytes
    public int copyKey(byte[] target, int offset) {
        System.arraycopy(key, 0, target, offset, keyLength);
        return keyLength;
    }

    /// The key of the row that [#next()] has read, as a new object.
    public String key() {
        return new String(key, 0, keyLength, StandardCharsets.UTF_8);
    }

    /// Forgets what was put. Values that were read stay.
    public TableCursor clear() {
        put = 0;
        return this;
    }

    /// Puts a number into the buffer.
    public TableCursor put(int column, long value) {
        ValueBytes.putLong(values, offset(column, Column.Type.INT64), value);
        put |= 1L << column;
        return this;
    }

    /// Puts a number into the buffer.
    public TableCursor put(int column, double value) {
        ValueBytes.putLong(values, offset(column, Column.Type.FLOAT64), Double.doubleToRawLongBits(value));
        put |= 1L << column;
        return this;
    }

    /// Puts bytes, or the UTF-8 of a text, into the buffer.
    ///
    /// @throws LimitException if they are more than was declared
    public TableCursor put(int column, byte[] value, int from, int length) {
        int offset = variable(column);
        Objects.checkFromIndexSize(from, length, value.length);
        Column declared = layout.columns.get(column);
        if (length > declared.capacity()) {
            throw new LimitException(
                    "a value of %d bytes is too long for the column %s of the table %s: it has room for %d"
                            .formatted(length, declared.name(), file.name(), declared.capacity()));
        }
        ValueBytes.putInt(values, offset, length);
        System.arraycopy(value, from, values, offset + VALUE_BODY_OFFSET, length);
        put |= 1L << column;
        return this;
    }

    /// Puts bytes, or the UTF-8 of a text, into the buffer.
    public TableCursor put(int column, byte[] value) {
        return put(column, value, 0, value.length);
    }

    // ---- writing

    /// Stores what was put: changes these columns of the row, or puts one in whose other columns are empty or 0.
    ///
    /// @return true if the row was there
    /// @throws LimitException if the table is full
    public boolean set(byte[] key) {
        return write(TableFile.Write.SET, key, 0, key.length);
    }

    /// The same with a key that is a part of an array.
    public boolean set(byte[] key, int from, int length) {
        return write(TableFile.Write.SET, key, from, length);
    }

    /// Puts a row in, if there is none.
    ///
    /// @return false if there was one: nothing was changed
    /// @throws LimitException if the table is full
    public boolean add(byte[] key) {
        return !write(TableFile.Write.ADD, key, 0, key.length);
    }

    /// Changes a row, if there is one.
    ///
    /// @return false if there was none
    public boolean update(byte[] key) {
        return write(TableFile.Write.UPDATE, key, 0, key.length);
    }

    /// Changes the row that was read last, if nobody has changed or removed it since.
    ///
    /// @return false if somebody has: read it again
    /// @throws IllegalStateException if none was read, or it was changed through this cursor already
    public boolean replace() {
        if (!known) {
            throw new IllegalStateException("no row was read that could be replaced; call read(key) before");
        }
        known = false;
        try {
            return file.replace(sight, values, put);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    private boolean write(TableFile.Write what, byte[] key, int from, int length) {
        known = false;
        try {
            return file.write(what, key, from, length, values, put);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Adds to a number; a row that is not there is put in, with 0 as the number before.
    ///
    /// @return the sum
    /// @throws ArithmeticException if it has more than 64 bits; nothing was changed then
    /// @throws LimitException if the table is full
    public long increment(byte[] key, int column, long delta) {
        return increment(key, 0, key.length, column, delta);
    }

    /// The same with a key that is a part of an array.
    public long increment(byte[] key, int from, int length, int column, long delta) {
        return add(key, from, length, column, delta, Column.Type.INT64);
    }

    /// The same for a column of floating-point numbers.
    public double increment(byte[] key, int column, double delta) {
        return Double.longBitsToDouble(
                add(key, 0, key.length, column, Double.doubleToRawLongBits(delta), Column.Type.FLOAT64));
    }

    private long add(byte[] key, int from, int length, int column, long delta, Column.Type type) {
        var _ = offset(column, type);
        known = false;
        try {
            return file.add(key, from, length, column, delta, values);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Removes a row.
    ///
    /// @return false if there was none
    public boolean remove(byte[] key) {
        known = false;
        try {
            return file.remove(key, 0, key.length, null);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Removes a row and leaves in the buffer what was in it.
    ///
    /// @return false if there was none
    public boolean take(byte[] key) {
        known = false;
        put = 0;
        try {
            return file.remove(key, 0, key.length, values);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Changes a row if certain columns of it have certain values; what was put is stored.
    ///
    /// @param expected what was put there are the columns to compare, byte by byte
    boolean replaceIf(byte[] key, TableCursor expected) {
        known = false;
        try {
            return file.replaceIf(key, 0, key.length, expected.values, expected.put, values, put);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    boolean contains(byte[] key) {
        try {
            return file.contains(key, 0, key.length, sight);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    private static final byte[] NO_PREFIX = {};

    private int offset(int column, Column.Type type) {
        if (layout.types[column] != type) {
            throw wrongType(layout.columns.get(column), type.toString());
        }
        return layout.offsets[column];
    }

    private int variable(int column) {
        Column declared = layout.columns.get(column);
        if (!declared.variable()) {
            throw wrongType(declared, "TEXT or BYTES");
        }
        return layout.offsets[column];
    }

    private IllegalArgumentException wrongType(Column declared, String asked) {
        return new IllegalArgumentException("the column %s of the table %s holds %s, not %s"
                .formatted(declared.name(), file.name(), declared.type(), asked));
    }
}
