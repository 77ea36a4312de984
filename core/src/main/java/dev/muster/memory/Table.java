package dev.muster.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Rows that all processes of an application share, found by a key: exactly as many as were declared, whatever their
/// keys. Every operation on a row is whole or not done, also when its process is killed in the middle.
///
/// ```java
/// static final Table USERS = Table.named("users", 1024, Column.text("value", 256), Column.int64("n"));
///
/// USERS.set("anna", Map.of("value", "new"));    // other columns stay; of a new row they are empty or 0
/// USERS.increment("anna", "n", 1);
/// String value = USERS.text("anna", "value");
/// ```
///
/// A key is text of at most 64 bytes of UTF-8, or of more if that was declared. Whatever does not fit is refused with a
/// [LimitException], and nothing is changed.
///
/// **Threads:** any thread of any process of the application. Readers wait for nobody. Writers of rows that share a
/// part of the index wait for each other, for the length of a copy; no user code runs meanwhile. A virtual thread that
/// waits holds no carrier. **Lifetime:** as long as the application; it is created by whoever uses it first, all of its
/// memory at once, and found by the others by its name. In a field it is a handle that touches nothing until it is
/// used, which cannot be in the master, where no user code runs. **Failure:** a process that dies in the middle of a
/// change has made it or not; the next writer takes over what it held. If a process is stopped in the middle of one,
/// writers who need the same part of the index wait half a minute for it and then get a [MemoryException].
public final class Table {
    private final Handle<TableFile> handle;
    private final TableLayout layout;

    private Table(String name, TableLayout layout) {
        this.layout = layout;
        handle = new Handle<>(RegionKind.TABLE, name, this::open);
    }

    /// A table of this name in the application of this process.
    ///
    /// @param name 1 to 64 letters, digits, dots, dashes or underscores
    /// @param rows how many rows it has room for, 1 to 268,435,456
    /// @param columns 1 to 64
    /// @throws IllegalArgumentException if something of it is not legal
    public static Table named(String name, int rows, Column... columns) {
        return named(name, rows, TableDescriptor.DEFAULT_KEY_LENGTH, columns);
    }

    /// The same with keys of another length.
    ///
    /// @param keyBytes the longest key in bytes of UTF-8, 1 to 1,024
    public static Table named(String name, int rows, int keyBytes, Column... columns) {
        for (Column column : columns) {
            Objects.requireNonNull(column, "a column of the table " + name);
        }
        return new Table(name, new TableLayout(name, rows, keyBytes, List.of(columns)));
    }

    private TableFile open(MemoryDirectory directory, String name) {
        Region region = directory
                .regions()
                .open(
                        RegionKind.TABLE,
                        name,
                        layout.schema(),
                        layout.fileLength,
                        memory -> TableFile.fill(memory, layout));
        return new TableFile(region, layout);
    }

    /// Its name.
    public String name() {
        return handle.name();
    }

    /// Its columns, in the order of the declaration.
    public List<Column> columns() {
        return layout.columns;
    }

    /// The number of a column, for a [TableCursor].
    ///
    /// @throws IllegalArgumentException if there is none of this name
    public int column(String name) {
        return layout.index(name);
    }

    /// A way to the rows that makes no garbage.
    public TableCursor cursor() {
        return new TableCursor(handle.get());
    }

    // ---- reading

    /// All values of a row, as they are at one instant.
    ///
    /// @return null if there is no such row
    public @Nullable Row get(String key) {
        TableCursor cursor = cursor();
        return cursor.read(key(key)) ? RowValues.row(layout, cursor, key) : null;
    }

    /// The text in a column of a row.
    ///
    /// @return null if there is no such row
    public @Nullable String text(String key, String column) {
        TableCursor cursor = cursor();
        int index = layout.index(column);
        return cursor.read(key(key)) ? cursor.text(index) : null;
    }

    /// The bytes in a column of a row, as a new array.
    ///
    /// @return null if there is no such row
    public byte @Nullable [] bytes(String key, String column) {
        TableCursor cursor = cursor();
        int index = layout.index(column);
        return cursor.read(key(key)) ? cursor.bytes(index) : null;
    }

    /// The number in a column of a row.
    ///
    /// @return 0 if there is no such row, which is what a new one would have
    public long int64(String key, String column) {
        return cursor().int64(key(key), layout.index(column));
    }

    /// The number in a column of a row.
    ///
    /// @return 0 if there is no such row, which is what a new one would have
    public double float64(String key, String column) {
        return cursor().float64(key(key), layout.index(column));
    }

    /// Whether there is such a row.
    public boolean contains(String key) {
        return cursor().contains(key(key));
    }

    /// How many rows there are. Looks at one word of each row that there is room for.
    public int size() {
        TableFile file = handle.get();
        try {
            return file.rows.size();
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// How many rows there is room for.
    public int capacity() {
        return layout.rows;
    }

    /// Calls the action with each row, in no certain order. Others may read and write meanwhile, and so may the
    /// action. A row that is there all the time comes exactly once; one that is put in or removed meanwhile comes
    /// or not, and a key that is removed and put in again may come twice.
    public void forEach(Consumer<? super Row> action) {
        forEach("", action);
    }

    /// The same for keys that begin with a prefix. Looks at every row of the table.
    public void forEach(String prefix, Consumer<? super Row> action) {
        byte[] begin = RowValues.encode(Objects.requireNonNull(prefix, "prefix"));
        TableCursor cursor = cursor();
        while (cursor.next(begin)) {
            action.accept(RowValues.row(layout, cursor, cursor.key()));
        }
    }

    /// Figures for people who look after it. Looks at the whole index.
    public TableStats stats() {
        TableFile file = handle.get();
        try {
            return file.stats();
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    // ---- writing

    /// Changes some columns of a row, or puts one in whose other columns are empty or 0.
    ///
    /// @param values by the name of the column: `String`, `byte[]`, whole numbers for INT64, any for FLOAT64
    /// @return true if the row was there
    /// @throws LimitException if the table is full, or the key or a value is too long
    /// @throws IllegalArgumentException if there is no such column, or it takes other values
    public boolean set(String key, Map<String, ?> values) {
        return with(values).set(key(key));
    }

    /// Puts a row in, if there is none.
    ///
    /// @return false if there was one: nothing was changed
    public boolean add(String key, Map<String, ?> values) {
        return with(values).add(key(key));
    }

    /// Changes some columns of a row, if there is one.
    ///
    /// @return false if there was none
    public boolean update(String key, Map<String, ?> values) {
        return with(values).update(key(key));
    }

    /// Changes a row by what it is, as one step: nobody changes it in between.
    ///
    /// @param change makes the new values of some columns from the row; called again if somebody else was quicker,
    ///     and with nothing locked
    /// @return false if there was no such row
    public boolean update(String key, Function<Row, ? extends Map<String, ?>> change) {
        byte[] bytes = key(key);
        Objects.requireNonNull(change, "change");
        TableCursor cursor = cursor();
        while (cursor.read(bytes)) {
            Map<String, ?> values = change.apply(RowValues.row(layout, cursor, key));
            RowValues.put(
                    layout,
                    cursor,
                    Objects.requireNonNull(
                            values,
                            "values: the function given to update has returned null; Map.of() changes nothing"));
            if (cursor.replace()) {
                return true;
            }
        }
        return false;
    }

    /// Changes some columns of a row if some columns of it, these or others, have the values expected.
    /// Floating-point numbers are compared by their bits.
    ///
    /// @param expected empty: it is enough that the row is there
    /// @return false if there is no such row, or a value differs
    public boolean compareAndSet(String key, Map<String, ?> expected, Map<String, ?> values) {
        return with(values).replaceIf(key(key), with(expected));
    }

    /// Adds to a number; a row that is not there is put in, with 0 as the number before.
    ///
    /// @return the sum
    /// @throws ArithmeticException if it has more than 64 bits; nothing was changed then
    public long increment(String key, String column, long delta) {
        return cursor().increment(key(key), layout.index(column), delta);
    }

    /// The same for a column of floating-point numbers.
    public double increment(String key, String column, double delta) {
        return cursor().increment(key(key), layout.index(column), delta);
    }

    /// Removes a row.
    ///
    /// @return false if there was none
    public boolean remove(String key) {
        return cursor().remove(key(key));
    }

    /// Removes a row.
    ///
    /// @return what was in it, or null if there was none
    public @Nullable Row getAndRemove(String key) {
        TableCursor cursor = cursor();
        return cursor.take(key(key)) ? RowValues.row(layout, cursor, key) : null;
    }

    private static byte[] key(String key) {
        return RowValues.encode(Objects.requireNonNull(key, "key"));
    }

    private TableCursor with(Map<String, ?> values) {
        TableCursor cursor = cursor();
        RowValues.put(layout, cursor, Objects.requireNonNull(values, "values"));
        return cursor;
    }

    // ---- files

    /// Writes all rows into a file, one line of JSON each, see docs/shared-memory.md. Each row is whole; rows that
    /// others change meanwhile are from before or after. The file is there as a whole or not; of several that save
    /// to one path at the same time, the last one to end stays. It is written beside the path, as `PATH.UUID.new`;
    /// what a process leaves there that dies in the middle is removed by the next save to the same path, of
    /// whichever process.
    ///
    /// @return how many rows were written
    /// @throws IOException if it cannot be written, or is there and no regular file
    public int save(Path target) throws IOException {
        Snapshot.requireFile(this, target);
        return Snapshot.save(this, target);
    }

    /// Sets the rows of a file that [#save(Path)] has written. Rows that are not in it stay; columns that this
    /// table does not have are an error before the first row is set.
    ///
    /// @return how many rows were set
    /// @throws IOException if it cannot be read or is not such a file; rows before the wrong line are set then, and
    ///     the message names the line
    /// @throws LimitException if something does not fit; the same holds then
    public int load(Path source) throws IOException {
        return Snapshot.load(this, source);
    }

    @Override
    public String toString() {
        return "table " + name() + " (" + layout.schema() + ")";
    }
}
