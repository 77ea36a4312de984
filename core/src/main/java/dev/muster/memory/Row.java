package dev.muster.memory;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The values of a row as they were at one instant.
///
/// **Threads:** any; it never changes.
///
/// @param key of the row
/// @param values by the name of the column, in the order of the declaration: `String`, `byte[]`, `Long` or `Double`.
///     The map cannot be changed
public record Row(String key, Map<String, Object> values) {
    /// A copy of the map.
    public Row {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// The text in a column.
    ///
    /// @throws IllegalArgumentException if there is no such column, or it holds something else
    public String text(String column) {
        return value(column, String.class);
    }

    /// A copy of the bytes in a column.
    public byte[] bytes(String column) {
        return value(column, byte[].class).clone();
    }

    /// The number in a column.
    public long int64(String column) {
        return value(column, Long.class);
    }

    /// The number in a column.
    public double float64(String column) {
        return value(column, Double.class);
    }

    private <V> V value(String column, Class<V> type) {
        Object value = values.get(column);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    value == null
                            ? "there is no column '" + column + "' in this row; it has " + values.keySet()
                            : "the column " + column + " holds a "
                                    + value.getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /// Equal keys and equal values; bytes are equal if their contents are.
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Row row)
                || !key.equals(row.key)
                || !values.keySet().equals(row.values.keySet())) {
            return false;
        }
        return values.entrySet().stream()
                .allMatch(entry -> Objects.deepEquals(entry.getValue(), row.values.get(entry.getKey())));
    }

    @Override
    public int hashCode() {
        return key.hashCode() * 31 + Arrays.deepHashCode(values.values().toArray());
    }
}
