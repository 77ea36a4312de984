package dev.muster.message;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A frame: a header of 24 bytes and a payload, big-endian. See docs/protocol/messages.md.
///
/// ```text
/// u32 length of the payload | u8 version | u8 kind | u16 zero | u32 CRC-32C of the payload | u32 source | i64 request
/// ```
///
/// @param kind what it says
/// @param source slot number of the sender
/// @param request what an answer repeats; unique on its connection
/// @param payload at most the limit of the application
record Frame(FrameKind kind, int source, long request, byte[] payload) {
    static final int VERSION = 1;
    static final int HEADER = 24;
    static final byte[] NOTHING = new byte[0];

    /// What stands before a payload.
    ///
    /// @param length of the payload
    /// @param checksum of the payload
    record Header(FrameKind kind, int length, int checksum, int source, long request) {
        /// Reads 24 bytes.
        ///
        /// @throws FrameException if no process of ours wrote them
        static Header read(ByteBuffer bytes) throws FrameException {
            int length = bytes.getInt();
            int version = bytes.get();
            FrameKind kind = FrameKind.of(bytes.get());
            int zero = bytes.getShort();
            int checksum = bytes.getInt();
            int source = bytes.getInt();
            long request = bytes.getLong();
            if (length < 0 || version != VERSION || zero != 0 || source < 0) {
                throw new FrameException(
                        "length=%d version=%d zero=%d source=%d, legal are length>=0 version=%d zero=0 source>=0"
                                .formatted(length, version, zero, source, VERSION));
            }
            return new Header(kind, length, checksum, source, request);
        }
    }

    /// How many bytes it takes on the socket.
    int size() {
        return HEADER + payload.length;
    }

    /// Writes the header; the payload is to follow.
    void writeHeader(ByteBuffer out) {
        out.putInt(payload.length)
                .put((byte) VERSION)
                .put((byte) kind.code())
                .putShort((short) 0)
                .putInt(checksum(payload))
                .putInt(source)
                .putLong(request);
    }

    static int checksum(byte[] payload) {
        if (payload.length == 0) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }
}
