package dev.muster.message;

import dev.muster.MessageException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// A process that answers only what the test says, as one that is stopped answers nothing.
final class Puppet implements AutoCloseable {
    private static final int SLOT = 1;

    private final ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);

    /// @param path of its socket
    Puppet(Path path) throws IOException {
        var _ = socket.bind(UnixDomainSocketAddress.of(path));
    }

    /// Waits for the next one that connects.
    Line accept() throws IOException {
        return new Line(socket.accept());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// One connection.
    record Line(SocketChannel channel) implements AutoCloseable {
        /// Waits for the next frame.
        Frame.Header next() throws IOException {
            Frame.Header header = Frame.Header.read(read(Frame.HEADER));
            ByteBuffer _ = read(header.length());
            return header;
        }

        private ByteBuffer read(int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException("the other end was closed");
                }
            }
            return bytes.flip();
        }

        void refuse(long request, Reason why) throws IOException {
            byte[] payload = new Refusal(why, "the test says so").bytes();
            Frame frame = new Frame(FrameKind.REFUSED, SLOT, request, payload);
            ByteBuffer bytes = ByteBuffer.allocate(frame.size());
            frame.writeHeader(bytes);
            bytes.put(payload).flip();
            while (bytes.hasRemaining()) {
                var _ = channel.write(bytes);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
