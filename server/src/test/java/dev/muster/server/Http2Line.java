package dev.muster.server;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// A client of HTTP/2 that sends the frames it is told to, right or wrong (RFC 9113, section 4.1: length of three
/// bytes, type, flags, stream).
///
/// **Threads:** one.
final class Http2Line implements Closeable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /// `GET / HTTP/2` to `http://x` out of HPACK's static table, RFC 7541 appendix A: 2, 6, 4, and 1 with a value.
    static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'x'};

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_200 = 0x88;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;

    /// One frame that came.
    record Frame(int type, int stream, byte[] payload) {
        /// The error code of a GOAWAY or RST_STREAM.
        int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        boolean ok() {
            return type == HEADERS && (payload[0] & 0xff) == STATUS_200;
        }

        @Override
        public String toString() {
            return "frame of type %d on stream %d: %s"
                    .formatted(type, stream, HexFormat.of().formatHex(payload));
        }
    }

    private final Socket socket;
    private final DataInputStream in;

    /// @param socket connected; closed with this
    Http2Line(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        send(PREFACE);
        frame(SETTINGS, 0, 0);
    }

    void frame(int type, int flags, int stream, byte... payload) throws IOException {
        send(bytes(type, flags, stream, payload));
    }

    static byte[] bytes(int type, int flags, int stream, byte... payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = payload.length;
        out.writeBytes(
                new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, (byte) flags});
        out.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
        out.writeBytes(payload);
        return out.toByteArray();
    }

    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException _) {
            // The server has seen enough; what it said is to be read.
        }
    }

    /// The next frame of a type; others are passed over.
    ///
    /// @throws EOFException if the server ends the connection first
    Frame next(int type) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int found = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            byte[] payload = in.readNBytes(length);
            if (found == type) {
                int skipped = type == HEADERS && (flags & PRIORITY) != 0 ? PRIORITY_BYTES : 0;
                return new Frame(type, stream, Arrays.copyOfRange(payload, skipped, length));
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
