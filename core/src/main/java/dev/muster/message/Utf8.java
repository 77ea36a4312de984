package dev.muster.message;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Text as the bytes that are sent.
public final class Utf8 {
    private Utf8() {}

    /// @throws IllegalArgumentException if it contains half of a surrogate pair, which would arrive as something
    ///     else
    public static byte[] bytes(String text) {
        Objects.requireNonNull(text, "text");
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "cannot send a text of " + text.length()
                            + " characters that contains half of a surrogate pair, which"
                            + " UTF-8 cannot hold; remove it, or send bytes",
                    e);
        }
    }
}
