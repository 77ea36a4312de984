package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("degraded")
@Timeout(20)
class UnixSocketTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path dir;

    private Path path;
    private int listening;

    @BeforeEach
    void listen() throws Exception {
        path = dir.resolve("s");
        listening = UnixSocket.listen(path, 16);
    }

    @AfterEach
    void close() {
        Fd.close(listening);
    }

    @Test
    @Tag("native-only")
    void tellsThePeersProcessAndUser() throws Exception {
        try (SocketChannel _ = connect()) {
            int connection = accept();
            Peer peer = UnixSocket.peer(connection);
            assertThat(peer.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(peer.uid()).isEqualTo(Files.getAttribute(dir, "unix:uid"));
            assertThat(peer.gid()).isEqualTo(Files.getAttribute(dir, "unix:gid"));
            Fd.close(connection);
        }
    }

    @Test
    void carriesBytesBothWaysAndShowsTheEnd() throws Exception {
        int connection;
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        try (SocketChannel client = connect()) {
            connection = accept();
            assertThat(Fd.read(connection, buffer)).as("nothing there yet").isZero();
            client.write(ByteBuffer.wrap("ping".getBytes(StandardCharsets.UTF_8)));
            await(connection, Poller.IN);
            assertThat(Fd.read(connection, buffer)).isEqualTo(4);
            assertThat(Fd.write(connection, buffer.flip())).isEqualTo(4);
            ByteBuffer back = ByteBuffer.allocate(4);
            while (back.hasRemaining()) {
                assertThat(client.read(back)).isPositive();
            }
            assertThat(back.array()).asString(StandardCharsets.UTF_8).isEqualTo("ping");
        }
        await(connection, Poller.IN);
        assertThat(Fd.read(connection, buffer.clear())).isEqualTo(Fd.EOF);
        assertThatThrownBy(() -> Fd.write(connection, buffer.clear()))
                .isInstanceOf(NativeException.class)
                .hasMessageContaining("Broken pipe");
        Fd.close(connection);
    }

    @Test
    void aFullSocketTakesNoMoreAndSaysWhenItHasRoom() throws Exception {
        try (SocketChannel client = connect()) {
            int connection = accept();
            ByteBuffer block = ByteBuffer.allocateDirect(1 << 16);
            long sent = 0;
            while (true) {
                int written = Fd.write(connection, block.clear());
                if (written == 0) {
                    break;
                }
                sent += written;
            }
            ByteBuffer sink = ByteBuffer.allocate(1 << 16);
            while (sent > 0) {
                sent -= client.read(sink.clear());
            }
            await(connection, Poller.OUT);
            Fd.close(connection);
        }
    }

    @Test
    void acceptAnswersMinusOneWhenNobodyWaits() {
        assertThat(UnixSocket.accept(listening)).isEqualTo(-1);
    }

    @Test
    void theFileIsForThisUserOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAPathThatIsThereOrTooLong() {
        assertThatThrownBy(() -> UnixSocket.listen(path, 1))
                .isInstanceOf(NativeException.class)
                .hasMessage("bind(" + path + ") failed: Address already in use");
        assertThatThrownBy(() -> UnixSocket.listen(dir.resolve("x".repeat(108)), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the system allows 107");
    }

    private SocketChannel connect() throws Exception {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(path));
        return client;
    }

    private int accept() {
        await(listening, Poller.IN);
        int connection = UnixSocket.accept(listening);
        assertThat(connection).isGreaterThan(2);
        return connection;
    }

    private static void await(int fd, int event) {
        try (Poller poller = new Poller()) {
            poller.add(fd, event, 1);
            int[] seen = {0};
            assertThat(poller.poll(LONG, (_, events) -> seen[0] |= events)).isEqualTo(1);
            assertThat(seen[0] & event).isEqualTo(event);
        }
    }
}
