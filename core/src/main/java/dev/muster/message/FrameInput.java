package dev.muster.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes frames out of the bytes of a connection, however they are cut. Memory grows with what has come, not with what
/// a header promises.
///
/// **Threads:** one.
final class FrameInput {
    private static final int FIRST_PIECE = 16 << 10;

    /// What becomes of frames.
    interface Sink {
        /// A header has come.
        ///
        /// @return whether the payload is wanted; if not it is passed over
        /// @throws FrameException if the connection is to end
        boolean begins(Frame.Header header) throws FrameException;

        /// The wanted payload has come.
        void comes(Frame.Header header, byte[] payload) throws FrameException;

        /// The payload that is not wanted has gone by.
        void passed(Frame.Header header) throws FrameException;
    }

    private final Sink sink;
    private final ByteBuffer head = ByteBuffer.allocate(Frame.HEADER);
    private Frame.@Nullable Header header;
    private boolean wanted;
    private byte[] payload = Frame.NOTHING;
    private int filled;

    FrameInput(Sink sink) {
        this.sink = sink;
    }

    /// The header of the frame that has begun and is not complete, null if there is none.
    Frame.@Nullable Header unfinished() {
        return header;
    }

    /// Whether the payload of that frame was wanted.
    boolean wanted() {
        return wanted;
    }

    /// Takes all bytes.
    ///
    /// @throws FrameException if they are not frames, or the sink refuses one
    void read(ByteBuffer bytes) throws FrameException {
        while (true) {
            Frame.Header known = header;
            if (known == null) {
                known = header(bytes);
                if (known == null) {
                    return;
                }
                header = known;
                wanted = false;
                filled = 0;
                wanted = sink.begins(known);
                payload = wanted ? new byte[Math.min(known.length(), FIRST_PIECE)] : Frame.NOTHING;
            }
            if (!fill(known, bytes)) {
                return;
            }
            byte[] whole = payload;
            boolean kept = wanted;
            header = null;
            payload = Frame.NOTHING;
            if (!kept) {
                sink.passed(known);
            } else if (Frame.checksum(whole) == known.checksum()) {
                sink.comes(known, whole);
            } else {
                header = known;
                throw new FrameException("the checksum of a frame of %d bytes is wrong".formatted(known.length()));
            }
        }
    }

    private Frame.@Nullable Header header(ByteBuffer bytes) throws FrameException {
        if (head.position() == 0 && bytes.remaining() >= Frame.HEADER) {
            return Frame.Header.read(bytes);
        }
        int piece = Math.min(head.remaining(), bytes.remaining());
        head.put(head.position(), bytes, bytes.position(), piece);
        head.position(head.position() + piece);
        bytes.position(bytes.position() + piece);
        if (head.hasRemaining()) {
            return null;
        }
        Frame.Header read = Frame.Header.read(head.flip());
        head.clear();
        return read;
    }

    /// @return whether the payload is complete
    private boolean fill(Frame.Header known, ByteBuffer bytes) {
        int piece = Math.min(known.length() - filled, bytes.remaining());
        if (wanted) {
            if (filled + piece > payload.length) {
                int room = Math.max(filled + piece, (int) Math.min(known.length(), 2L * payload.length));
                payload = Arrays.copyOf(payload, room);
            }
            bytes.get(payload, filled, piece);
        } else {
            bytes.position(bytes.position() + piece);
        }
        filled += piece;
        if (filled < known.length()) {
            return false;
        }
        if (wanted && payload.length != filled) {
            payload = Arrays.copyOf(payload, filled);
        }
        return true;
    }
}
