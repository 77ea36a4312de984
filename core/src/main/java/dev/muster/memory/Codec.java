package dev.muster.memory;

import tools.jackson.core.JacksonException;

/// Between the messages of a [Channel] and their bytes.
///
/// **Threads:** any; implementations have no state that changes.
///
/// @param <T> of the messages
public interface Codec<T> {
    /// The bytes of a message.
    byte[] encode(T message);

    /// The message that [#encode] made these bytes of.
    ///
    /// @throws RuntimeException if they are something else
    T decode(byte[] bytes);

    /// Bytes as they are.
    static Codec<byte[]> bytes() {
        return new Codec<>() {
            @Override
            public byte[] encode(byte[] message) {
                return message;
            }

            @Override
            public byte[] decode(byte[] bytes) {
                return bytes;
            }
        };
    }

    /// Records and other values as JSON, by Jackson. The type comes from here alone, never from the message;
    /// unknown fields are refused.
    static <T> Codec<T> json(Class<T> type) {
        return new Codec<>() {
            @Override
            public byte[] encode(T message) {
                return JsonMessages.MAPPER.writeValueAsBytes(message);
            }

            @Override
            public T decode(byte[] bytes) {
                try {
                    T message = JsonMessages.MAPPER.readValue(bytes, type);
                    if (message == null) {
                        throw new MemoryException("a message of %d bytes is no %s: it is null"
                                .formatted(bytes.length, type.getSimpleName()));
                    }
                    return message;
                } catch (JacksonException e) {
                    throw new MemoryException(
                            "a message of %d bytes is no %s: %s; do all processes run the same code?"
                                    .formatted(bytes.length, type.getSimpleName(), e.getOriginalMessage()),
                            e);
                }
            }
        };
    }
}
