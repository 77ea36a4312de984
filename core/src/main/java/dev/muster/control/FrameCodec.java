package dev.muster.control;

import dev.muster.control.Message.DeadWorker;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Messages as bytes: frames of a header of twelve bytes and a payload, big-endian. See docs/protocol/control.md.
///
/// ```text
/// u32 length of the payload | u8 version | u8 type | u16 zero | u32 CRC-32C of the payload | payload
/// ```
///
/// **Threads:** any. **Failure:** what is not exactly such a frame is refused with a [ProtocolException].
public final class FrameCodec {
    /// The version of the protocol: in every frame, and in [Message.Command].
    public static final int VERSION = 1;
    /// The longest frame in bytes, header included.
    public static final int MAX_FRAME = 1 << 20;
    /// The length of a header in bytes.
    public static final int HEADER = 12;

    private FrameCodec() {}

    /// The message as one frame, ready to be written.
    ///
    /// @throws IllegalArgumentException if the frame would be longer than [#MAX_FRAME]
    public static ByteBuffer encode(Message message) {
        PayloadWriter out = new PayloadWriter(HEADER, MAX_FRAME);
        Payloads.write(message, out);
        ByteBuffer frame = out.done();
        int length = frame.limit() - HEADER;
        frame.putInt(0, length)
                .put(4, (byte) VERSION)
                .put(5, (byte) MessageType.of(message).code())
                .putShort(6, (short) 0)
                .putInt(8, checksum(frame.slice(HEADER, length)));
        return frame;
    }

    /// The message in exactly one frame; nothing may follow.
    ///
    /// @throws ProtocolException with what is wrong
    public static Message decode(ByteBuffer frame) throws ProtocolException {
        Header header = header(frame.slice());
        if (frame.remaining() != HEADER + header.length()) {
            throw new ProtocolException(
                    "frame of %d bytes, its header says %d".formatted(frame.remaining(), HEADER + header.length()));
        }
        return message(header, frame.slice(frame.position() + HEADER, header.length()));
    }

    /// A dead worker as bytes, for keeping it on the board.
    public static byte[] encodeDead(DeadWorker dead) {
        PayloadWriter out = new PayloadWriter(0, MAX_FRAME);
        Payloads.writeDead(dead, out);
        ByteBuffer bytes = out.done();
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return array;
    }

    /// Reads what [#encodeDead] wrote.
    ///
    /// @throws ProtocolException if it is something else
    public static DeadWorker decodeDead(byte[] bytes) throws ProtocolException {
        PayloadReader in = new PayloadReader(ByteBuffer.wrap(bytes));
        DeadWorker dead = Payloads.readDead(in);
        in.end();
        return dead;
    }

    /// Checks the first twelve bytes of the buffer.
    static Header header(ByteBuffer bytes) throws ProtocolException {
        if (bytes.remaining() < HEADER) {
            throw new ProtocolException("frame of %d bytes, at least %d".formatted(bytes.remaining(), HEADER));
        }
        long length = Integer.toUnsignedLong(bytes.getInt(0));
        if (length > MAX_FRAME - HEADER) {
            throw new ProtocolException("payload of %d bytes, at most %d".formatted(length, MAX_FRAME - HEADER));
        }
        int version = Byte.toUnsignedInt(bytes.get(4));
        if (version != VERSION) {
            throw new ProtocolException("protocol version %d, expected %d".formatted(version, VERSION));
        }
        MessageType type = MessageType.of(Byte.toUnsignedInt(bytes.get(5)));
        if (bytes.getShort(6) != 0) {
            throw new ProtocolException("reserved bytes %04x, expected 0000".formatted(bytes.getShort(6)));
        }
        return new Header((int) length, type, bytes.getInt(8));
    }

    /// @param payload from position to limit, of the length that the header says
    static Message message(Header header, ByteBuffer payload) throws ProtocolException {
        int checksum = checksum(payload.slice());
        if (checksum != header.checksum()) {
            throw new ProtocolException("checksum %08x of a payload of %d bytes, its header says %08x"
                    .formatted(checksum, header.length(), header.checksum()));
        }
        PayloadReader in = new PayloadReader(payload);
        Message message = Payloads.read(header.type(), in);
        in.end();
        return message;
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// @param length of the payload
    /// @param type of the message
    /// @param checksum of the payload
    record Header(int length, MessageType type, int checksum) {}
}
