package dev.muster.control;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Puts messages together from bytes that come in pieces of any size. What it holds grows with what has arrived, never
/// with what a header merely announces.
///
/// **Threads:** one. **Failure:** after a [ProtocolException] it is of no use any more.
final class FrameReader {
    private static final int FIRST_PIECE = 4096;
    private static final byte[] NOTHING = {};

    private final MessageType.Direction direction;
    private final ByteBuffer head = ByteBuffer.allocate(FrameCodec.HEADER);
    private FrameCodec.@Nullable Header header;
    private byte[] payload = NOTHING;
    private int filled;

    /// @param direction what the other side may say
    FrameReader(MessageType.Direction direction) {
        this.direction = direction;
    }

    /// Takes bytes until a message is complete or there are no more.
    ///
    /// @return the message; null if more bytes are needed
    @Nullable
    Message read(ByteBuffer bytes) throws ProtocolException {
        FrameCodec.Header known = header;
        if (known == null) {
            move(bytes, head);
            if (head.hasRemaining()) {
                return null;
            }
            known = FrameCodec.header(head.flip());
            if (known.type().direction() != direction) {
                throw new ProtocolException("message %s from the wrong side".formatted(known.type()));
            }
            header = known;
        }
        int needed = known.length() - filled;
        while (needed > 0 && bytes.hasRemaining()) {
            if (filled == payload.length) {
                payload = Arrays.copyOf(payload, Math.min(known.length(), Math.max(FIRST_PIECE, 2 * filled)));
            }
            int piece = Math.min(Math.min(bytes.remaining(), payload.length - filled), needed);
            bytes.get(payload, filled, piece);
            filled += piece;
            needed -= piece;
        }
        if (needed > 0) {
            return null;
        }
        Message message = FrameCodec.message(known, ByteBuffer.wrap(payload, 0, filled));
        header = null;
        head.clear();
        payload = NOTHING;
        filled = 0;
        return message;
    }

    /// Whether a message has begun and is not complete.
    boolean inside() {
        return header != null || head.position() > 0;
    }

    /// How much memory an unfinished payload takes, in bytes.
    int held() {
        return payload.length;
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int piece = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), piece);
        to.position(to.position() + piece);
        from.position(from.position() + piece);
    }
}
