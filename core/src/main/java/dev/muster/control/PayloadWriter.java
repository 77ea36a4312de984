package dev.muster.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The values that payloads are made of, big-endian, into a buffer that grows up to a limit.
final class PayloadWriter {
    private final int limit;
    private ByteBuffer buffer;

    /// @param skip bytes left free at the beginning
    /// @param limit greatest length in bytes, what is skipped included
    PayloadWriter(int skip, int limit) {
        this.limit = limit;
        this.buffer = ByteBuffer.allocate(Math.max(256, skip)).position(skip);
    }

    void bool(boolean value) {
        buffer = room(1).put((byte) (value ? 1 : 0));
    }

    void int32(int value) {
        buffer = room(Integer.BYTES).putInt(value);
    }

    void int64(long value) {
        buffer = room(Long.BYTES).putLong(value);
    }

    void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int32(bytes.length);
        buffer = room(bytes.length).put(bytes);
    }

    void name(Enum<?> value) {
        text(value.name());
    }

    void map(Map<String, String> values) {
        int32(values.size());
        values.forEach((key, value) -> {
            text(key);
            text(value);
        });
    }

    void texts(List<String> values) {
        int32(values.size());
        values.forEach(this::text);
    }

    /// What was written, ready to be read from its beginning.
    ByteBuffer done() {
        return buffer.flip();
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() >= bytes) {
            return buffer;
        }
        long needed = (long) buffer.position() + bytes;
        if (needed > limit) {
            throw new IllegalArgumentException(
                    "message of at least %d bytes, at most %d; it is not sent".formatted(needed, limit));
        }
        int length = (int) Math.min(limit, Math.max(needed, 2L * buffer.capacity()));
        return ByteBuffer.wrap(Arrays.copyOf(buffer.array(), length)).position(buffer.position());
    }
}
