package dev.muster.memory;

import java.util.Objects;

/// A column of a [Table]: its name, what its values are, and how long they may be.
///
/// @param name 1 to 32 letters, digits or underscores, no digit first
/// @param type what it holds
/// @param capacity the longest value in bytes
public record Column(String name, Type type, int capacity) {
    /// The longest value that a column of text or bytes can be declared for: 1 MiB.
    public static final int LARGEST = 1 << 20;

    /// What a column holds. What it holds in a row that was just inserted without a value for it: nothing, or 0.
    public enum Type {
        /// Text, stored as UTF-8.
        TEXT,
        /// Bytes.
        BYTES,
        /// A signed number of 64 bits.
        INT64,
        /// A floating-point number of 64 bits.
        FLOAT64
    }

    /// @throws IllegalArgumentException if the name cannot be one or the capacity is not legal
    public Column {
        name = RegionNames.checkColumn(name);
        Objects.requireNonNull(type, "type");
        boolean variable = type == Type.TEXT || type == Type.BYTES;
        if (variable ? capacity < 1 || capacity > LARGEST : capacity != Long.BYTES) {
            throw new IllegalArgumentException("the column %s of type %s cannot hold %d bytes: legal are %s"
                    .formatted(name, type, capacity, variable ? "1 to " + LARGEST : Long.BYTES));
        }
    }

    /// Text of at most so many bytes of UTF-8, 1 to 1,048,576.
    public static Column text(String name, int bytes) {
        return new Column(name, Type.TEXT, bytes);
    }

    /// At most so many bytes, 1 to 1,048,576.
    public static Column bytes(String name, int bytes) {
        return new Column(name, Type.BYTES, bytes);
    }

    /// A signed number of 64 bits.
    public static Column int64(String name) {
        return new Column(name, Type.INT64, Long.BYTES);
    }

    /// A floating-point number of 64 bits.
    public static Column float64(String name) {
        return new Column(name, Type.FLOAT64, Double.BYTES);
    }

    /// Whether its values have a length of their own.
    boolean variable() {
        return type == Type.TEXT || type == Type.BYTES;
    }
}
