package dev.muster.message;

import dev.muster.PipeType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first words on a connection that becomes a pipe: HELLO from the holder, WELCOME or REFUSED from the process.
/// They are short and the first bytes on a fresh socket, which takes them at once.
final class Handshake {
    /// By their codes on the wire, which never change.
    private static final List<PipeType> CODES = List.of(PipeType.NONE, PipeType.STREAM, PipeType.DATAGRAM);

    private Handshake() {}

    /// The answer.
    ///
    /// @param type of the pipe, null if it was refused
    /// @param refusal why, null if it was not
    record Answer(@Nullable PipeType type, @Nullable Refusal refusal) {}

    static void hello(SocketChannel channel, int source) throws IOException {
        ByteBuffer hello = ByteBuffer.allocate(Incoming.HELLO_LENGTH);
        hello.putLong(Incoming.MAGIC).put(Incoming.FOR_PIPE);
        answer(channel, new Frame(FrameKind.HELLO, source, 0, hello.array()));
    }

    static void answer(SocketChannel channel, Frame frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(frame.size());
        frame.writeHeader(bytes);
        bytes.put(frame.payload()).flip();
        int written = channel.write(bytes);
        if (written < frame.size()) {
            throw new IOException("a fresh socket took %d of %d bytes".formatted(written, frame.size()));
        }
    }

    /// Reads the answer, waiting for it.
    ///
    /// @return null if it did not come in time
    /// @throws IllegalStateException if the thread is interrupted
    /// @throws IOException if it makes no sense, or the connection has ended
    static @Nullable Answer await(HeldPipe.SocketEnd end, long deadline) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Frame.HEADER);
        if (!fill(end, head, deadline)) {
            return null;
        }
        Frame.Header header = Frame.Header.read(head.flip());
        if (header.length() > PipeStream.LONGEST_READ) {
            throw new FrameException("an answer of %d bytes".formatted(header.length()));
        }
        ByteBuffer payload = ByteBuffer.allocate(header.length());
        if (!fill(end, payload, deadline)) {
            return null;
        }
        return switch (header.kind()) {
            case WELCOME -> new Answer(type(payload.array()), null);
            case REFUSED -> new Answer(null, Refusal.of(payload.array()));
            case HELLO, MESSAGE, TASK, ACCEPTED, RESULT, FAILED, CALL ->
                throw new FrameException("a %s as the answer to HELLO".formatted(header.kind()));
        };
    }

    static byte[] type(PipeType type) {
        return new byte[] {(byte) CODES.indexOf(type)};
    }

    private static PipeType type(byte[] payload) throws FrameException {
        if (payload.length != 1 || payload[0] < 0 || payload[0] >= CODES.size()) {
            throw new FrameException("a WELCOME without the type of the pipe");
        }
        return CODES.get(payload[0]);
    }

    private static boolean fill(HeldPipe.SocketEnd end, ByteBuffer buffer, long deadline) throws IOException {
        while (buffer.hasRemaining()) {
            int count = end.channel().read(buffer);
            if (count < 0) {
                throw new IOException("its process has closed the connection");
            }
            if (count == 0) {
                if (deadline - System.nanoTime() <= 0) {
                    return false;
                }
                PipeStream.refuseInterrupted("a process answers whose pipe was asked for; it is not held");
                int _ = end.readable().select(_ -> {}, PipeStream.millisUntil(deadline));
            }
        }
        return true;
    }
}
