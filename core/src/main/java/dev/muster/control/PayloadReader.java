package dev.muster.control;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what [PayloadWriter] wrote and trusts nothing: every length and count is checked against what is left before
/// anything is allocated for it.
final class PayloadReader {
    private final ByteBuffer buffer;

    PayloadReader(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    boolean bool() throws ProtocolException {
        byte value = need(1, "truth value").get();
        if (value != 0 && value != 1) {
            throw new ProtocolException("truth value " + value + ", legal are 0 and 1");
        }
        return value == 1;
    }

    int int32() throws ProtocolException {
        return need(Integer.BYTES, "number").getInt();
    }

    long int64() throws ProtocolException {
        return need(Long.BYTES, "number").getLong();
    }

    String text() throws ProtocolException {
        int length = count("text", 1);
        ByteBuffer bytes = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("text of " + length + " bytes is not UTF-8");
        }
    }

    <E extends Enum<E>> E name(E[] values) throws ProtocolException {
        String name = text();
        for (E value : values) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        throw new ProtocolException("'%s' is no %s"
                .formatted(shown(name), values[0].getDeclaringClass().getSimpleName()));
    }

    Map<String, String> map() throws ProtocolException {
        int size = count("map", 2 * Integer.BYTES);
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = text();
            if (map.put(key, text()) != null) {
                throw new ProtocolException("a key stands twice in a map of %d entries".formatted(size));
            }
        }
        return Collections.unmodifiableMap(map);
    }

    <T> List<T> list(int leastBytes, Element<T> element) throws ProtocolException {
        int size = count("list", leastBytes);
        List<T> list = new ArrayList<>(Math.min(size, 64));
        for (int i = 0; i < size; i++) {
            list.add(element.read());
        }
        return Collections.unmodifiableList(list);
    }

    /// @throws ProtocolException if something is left
    void end() throws ProtocolException {
        if (buffer.hasRemaining()) {
            throw new ProtocolException(buffer.remaining() + " bytes follow the message");
        }
    }

    /// A piece of foreign text that can stand in a line of a log.
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 40); i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return shown.toString();
    }

    private int count(String what, int leastBytes) throws ProtocolException {
        int count = int32();
        if (count < 0 || (long) count * leastBytes > buffer.remaining()) {
            throw new ProtocolException(
                    "%s of %d elements, but only %d bytes are left".formatted(what, count, buffer.remaining()));
        }
        return count;
    }

    private ByteBuffer need(int bytes, String what) throws ProtocolException {
        if (buffer.remaining() < bytes) {
            throw new ProtocolException(
                    "%s of %d bytes, but only %d are left".formatted(what, bytes, buffer.remaining()));
        }
        return buffer;
    }

    /// Reads one element of a list.
    @FunctionalInterface
    interface Element<T> {
        T read() throws ProtocolException;
    }
}
