package dev.muster.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Bytes that no process of ours sends: the connection ends, nothing arrives, and others are served on.
@Timeout(30)
class StrangerTest {
    @TempDir
    private Path directory;

    private Neighbours neighbours;
    private Post worker;

    @BeforeEach
    void begin() {
        neighbours = new Neighbours(directory);
        worker = neighbours.open(3, Role.TASK);
    }

    @AfterEach
    void end() {
        neighbours.close();
    }

    @Test
    void rubbishEndsTheConnection() throws IOException {
        byte[] rubbish = new byte[4_096];
        new Random(1).nextBytes(rubbish);
        isHungUp(ByteBuffer.wrap(rubbish));
    }

    @Test
    void theFirstWordMustBeHello() throws IOException {
        isHungUp(frame(FrameKind.MESSAGE, "x".getBytes(UTF_8)));
    }

    @Test
    void aWrongMagicIsNoHello() throws IOException {
        isHungUp(frame(FrameKind.HELLO, new byte[Incoming.HELLO_LENGTH]));
    }

    @Test
    void aGiantLengthIsRefusedBeforeMemoryIsTaken() throws IOException {
        ByteBuffer bytes = joined(hello(), frame(FrameKind.MESSAGE, new byte[0]));
        bytes.putInt(hello().remaining(), Integer.MAX_VALUE);
        isHungUp(bytes);
    }

    @Test
    void aWrongChecksumEndsTheConnectionAndFreesItsRoom() throws IOException {
        ByteBuffer bytes = joined(hello(), frame(FrameKind.MESSAGE, new byte[60 << 10]));
        int last = bytes.limit() - 1;
        for (int i = 0; i < 4; i++) {
            bytes.put(last, (byte) 1);
            isHungUp(bytes.duplicate());
        }
    }

    @Test
    void aMessageThatIsCutOffIsNone() throws IOException {
        ByteBuffer bytes = joined(hello(), frame(FrameKind.MESSAGE, new byte[60 << 10]));
        for (int i = 0; i < 4; i++) {
            try (SocketChannel stranger = connect()) {
                write(stranger, bytes.duplicate().limit(40 << 10));
            }
        }
        othersAreServed();
    }

    @Test
    void theSocketIsForItsUserAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("t3"))))
                .isEqualTo("rw-------");
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        var _ = channel.connect(UnixDomainSocketAddress.of(directory.resolve("t3")));
        return channel;
    }

    private void isHungUp(ByteBuffer bytes) throws IOException {
        try (SocketChannel stranger = connect()) {
            write(stranger, bytes);
            ByteBuffer answer = ByteBuffer.allocate(4_096);
            int count = 0;
            while (count >= 0) {
                count = read(stranger, answer.clear());
            }
        }
        othersAreServed();
    }

    /// A connection that is closed while bytes of ours wait there is reset.
    private static int read(SocketChannel stranger, ByteBuffer into) {
        try {
            return stranger.read(into);
        } catch (IOException _) {
            return -1;
        }
    }

    private static void write(SocketChannel stranger, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                var _ = stranger.write(bytes);
            }
        } catch (IOException _) {
            // Hung up on before everything was said.
        }
    }

    private void othersAreServed() {
        neighbours.open(7, Role.POOL).send("still there".getBytes(UTF_8), 3);
        Letter letter = Neighbours.take(worker);
        assertThat(new String(letter.data(), UTF_8)).isEqualTo("still there");
        assertThat(worker.inbox().poll()).isNull();
    }

    private static ByteBuffer hello() {
        ByteBuffer hello = ByteBuffer.allocate(Incoming.HELLO_LENGTH);
        return frame(
                FrameKind.HELLO,
                hello.putLong(Incoming.MAGIC).put(Incoming.FOR_MESSAGES).array());
    }

    private static ByteBuffer frame(FrameKind kind, byte[] payload) {
        Frame frame = new Frame(kind, 9, 1, payload);
        ByteBuffer bytes = ByteBuffer.allocate(frame.size());
        frame.writeHeader(bytes);
        return bytes.put(payload).flip();
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }
}
