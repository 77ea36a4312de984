package dev.muster.message;

import dev.muster.MessageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Why a message or a task was not accepted, as it travels: a byte for the reason, and text.
///
/// @param reason the reason
/// @param text for people, with the limit in it
record Refusal(Reason reason, String text) {
    private static final int LONGEST = 4_000;
    /// By their codes on the wire, which never change.
    private static final List<Reason> CODES =
            List.of(Reason.FULL, Reason.TOO_LARGE, Reason.NOBODY, Reason.LEAVING, Reason.PAUSED, Reason.LOST);

    /// As a payload.
    byte[] bytes() {
        byte[] words = bytes(text);
        byte[] bytes = new byte[words.length + 1];
        bytes[0] = (byte) CODES.indexOf(reason);
        System.arraycopy(words, 0, bytes, 1, words.length);
        return bytes;
    }

    static Refusal of(byte[] payload) throws FrameException {
        if (payload.length == 0 || payload[0] < 0 || payload[0] >= CODES.size()) {
            throw new FrameException("a refusal without a known reason");
        }
        return new Refusal(CODES.get(payload[0]), new String(payload, 1, payload.length - 1, StandardCharsets.UTF_8));
    }

    /// Text as a payload, cut where it is long beyond use.
    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST ? bytes : Arrays.copyOf(bytes, LONGEST);
    }
}
