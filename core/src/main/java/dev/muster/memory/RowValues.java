package dev.muster.memory;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Between the objects of the convenient form and the bytes of a cursor.
final class RowValues {
    private RowValues() {}

    /// Text as UTF-8.
    ///
    /// @throws IllegalArgumentException if it cannot be written as such: half a surrogate pair, which would come
    ///     back as something else
    static byte[] encode(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "a text of " + text.length() + " characters contains half of a surrogate pair, which UTF-8 cannot"
                            + " hold; remove it",
                    e);
        }
    }

    static void put(TableLayout layout, TableCursor cursor, Map<String, ?> values) {
        values.forEach((name, value) -> put(layout, cursor, layout.index(name), value));
    }

    /// @param value null in a map that holds null, and refused like whatever else the column does not take
    private static void put(TableLayout layout, TableCursor cursor, int index, @Nullable Object value) {
        Column column = layout.columns.get(index);
        var _ = switch (column.type()) {
            case TEXT -> value instanceof String text ? cursor.put(index, encode(text)) : refuse(column, value);
            case BYTES -> value instanceof byte[] bytes ? cursor.put(index, bytes) : refuse(column, value);
            case INT64 -> cursor.put(index, whole(column, value));
            case FLOAT64 ->
                value instanceof Number number ? cursor.put(index, number.doubleValue()) : refuse(column, value);
        };
    }

    private static long whole(Column column, @Nullable Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        throw refused(column, value);
    }

    private static TableCursor refuse(Column column, @Nullable Object value) {
        throw refused(column, value);
    }

    private static IllegalArgumentException refused(Column column, @Nullable Object value) {
        return new IllegalArgumentException("the column %s takes %s, and was given %s"
                .formatted(
                        column.name(),
                        switch (column.type()) {
                            case TEXT -> "a String";
                            case BYTES -> "a byte[]";
                            case INT64 -> "a Long, Integer, Short or Byte";
                            case FLOAT64 -> "a Number";
                        },
                        value == null
                                ? "null; leave it out, and it stays as it is"
                                : "a " + value.getClass().getSimpleName()));
    }

    /// The row that a cursor has read.
    static Row row(TableLayout layout, TableCursor cursor, String key) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < layout.columns.size(); i++) {
            Column column = layout.columns.get(i);
            values.put(
                    column.name(),
                    switch (column.type()) {
                        case TEXT -> cursor.text(i);
                        case BYTES -> cursor.bytes(i);
                        case INT64 -> (Object) cursor.int64(i);
                        case FLOAT64 -> (Object) cursor.float64(i);
                    });
        }
        return new Row(key, values);
    }
}
