package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.web.ConnectionDesk;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that have a WebSocket and read slowly, or not at all: what waits for them, and when they are given up.
@Timeout(60)
class SlowSocketsTest {
    /// More than the buffers of the kernel hold, so that the rest waits here.
    private static final int LARGE = 24 << 20;

    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    /// Writes down what it is told.
    private final class Diary implements ServerListener {
        @Override
        public void onOpen(Server server, WebRequest request) {
            told.add("open");
        }

        @Override
        public void onMessage(Server server, WebMessage message) {
            told.add(message.text());
        }

        @Override
        public void onClose(Server server, long connectionId) {
            told.add("close");
        }
    }

    private static long only(ConnectionDesk desk) {
        await().until(() -> desk.all().size() == 1);
        return desk.all().getFirst();
    }

    /// A client that opens a WebSocket and never reads: what waits for it stays within the limit, and it is cut
    /// off.
    @Test
    void aClientThatDoesNotReadIsClosedAndPushSaysSo() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.maxQueued=64KiB");
                Socket lazy = new Socket()) {
            VertxServer server = host.serve();
            lazy.setReceiveBufferSize(4 << 10);
            lazy.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), host.port()));
            host.upgrade(lazy, "/");
            ConnectionDesk desk = server.connections();
            long id = only(desk);
            byte[] chunk = "x".repeat(16 << 10).getBytes(StandardCharsets.UTF_8);
            long pushed = 0;
            while (desk.push(id, true, chunk)) {
                pushed += chunk.length;
                assertThat(pushed)
                        .as("the sockets' own buffers are some megabytes")
                        .isLessThan(64L << 20);
                Thread.onSpinWait();
            }
            assertThat(desk.established(id)).isFalse();
            await().until(() -> desk.all().isEmpty());
            await().until(() -> told.contains("close"));
        }
    }

    /// The small one waits behind the large one, and is within the limit by itself.
    @Test
    void whatIsPushedBehindALargeMessageArrives() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.maxQueued=64KiB");
                Socket steady = host.connect()) {
            VertxServer server = host.serve();
            ConnectionDesk desk = server.connections();
            DataInputStream in = opened(host, steady);
            long id = only(desk);
            for (int round = 0; round < 3; round++) {
                assertThat(desk.push(id, false, new byte[LARGE])).isTrue();
                assertThat(desk.push(id, false, new byte[1])).isTrue();
                assertThat(desk.push(id, false, new byte[63 << 10])).isTrue();
                assertThat(received(in)).isEqualTo(LARGE);
                assertThat(received(in)).isEqualTo(1);
                assertThat(received(in)).isEqualTo(63 << 10);
                await().untilAsserted(() ->
                        assertThat(desk.info(id).orElseThrow().queuedBytes()).isZero());
            }
            assertThat(desk.established(id)).isTrue();
        }
    }

    @Test
    void behindALargeMessageWaitsOneMoreAndThenOnlyWhatIsWithinTheLimit() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.maxQueued=64KiB");
                Socket lazy = host.connect()) {
            VertxServer server = host.serve();
            ConnectionDesk desk = server.connections();
            host.upgrade(lazy, "/");
            long id = only(desk);
            assertThat(desk.push(id, false, new byte[LARGE])).isTrue();
            assertThat(desk.push(id, false, new byte[LARGE])).isTrue();
            assertThat(desk.info(id).orElseThrow().queuedBytes()).isEqualTo(2L * LARGE);
            assertThat(desk.push(id, false, new byte[1])).isFalse();
            assertThat(desk.established(id)).isFalse();
        }
    }

    private static DataInputStream opened(TestHost host, Socket socket) throws IOException {
        host.upgrade(socket, "/");
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        assertThat(head).startsWith("HTTP/1.1 101");
        return in;
    }

    /// Reads a message, which may be several frames.
    ///
    /// @return its length
    private static long received(DataInputStream in) throws IOException {
        long bytes = 0;
        boolean last = false;
        while (!last) {
            int first = in.readUnsignedByte();
            assertThat(first & 0xf).as("no close frame").isLessThan(8);
            last = (first & 0x80) != 0;
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            in.skipNBytes(length);
            bytes += length;
        }
        return bytes;
    }

    /// Each ping asks for an answer, and nobody else counts those that wait.
    @Test
    void pingsOfAClientThatDoesNotReadDoNotPileUp() throws Exception {
        byte[] ping = new byte[2 + 4 + 125];
        ping[0] = (byte) 0x89;
        ping[1] = (byte) (0x80 | 125);
        byte[] text = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'};
        int pings = 200_000;
        try (TestHost host = TestHost.of(new Diary());
                Socket lazy = new Socket()) {
            host.serve();
            lazy.setReceiveBufferSize(4 << 10);
            lazy.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), host.port()));
            host.upgrade(lazy, "/");
            await().until(() -> told.contains("open"));
            ByteArrayOutputStream thousand = new ByteArrayOutputStream();
            for (int i = 0; i < 1_000; i++) {
                thousand.writeBytes(ping);
            }
            for (int i = 0; i < pings; i += 1_000) {
                lazy.getOutputStream().write(thousand.toByteArray());
            }
            lazy.getOutputStream().write(text);
            await().until(() -> told.contains("x"));
            assertThat(unread(lazy)).isLessThan(pings * 127L / 2);
        }
    }

    /// Reads what is there and still comes; nothing for a second is the end of it.
    private static long unread(Socket socket) throws IOException {
        socket.setSoTimeout(1_000);
        byte[] part = new byte[64 << 10];
        long bytes = 0;
        try {
            for (int count = 0; count >= 0; count = socket.getInputStream().read(part)) {
                bytes += count;
            }
        } catch (SocketTimeoutException _) {
            // That is the end.
        }
        return bytes;
    }

    /// It has said goodbye, and what waits for it cannot be sent.
    @Test
    void nothingIsPushedToAClientThatHasClosed() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.maxQueued=64MiB");
                Socket lazy = host.connect()) {
            VertxServer server = host.serve();
            long id = closedAndUnread(host, server, lazy);
            await().until(() -> !server.connections().push(id, true, new byte[] {'x'}));
            assertThat(server.connections().broadcast(true, new byte[] {'x'})).isZero();
            assertThat(server.connections().established(id)).isFalse();
        }
    }

    @Test
    void aClientThatHasClosedAndDoesNotReadIsGivenUp() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.maxQueued=64MiB", "server.pingInterval=300ms");
                Socket lazy = host.connect()) {
            VertxServer server = host.serve();
            long _ = closedAndUnread(host, server, lazy);
            await().until(() -> server.connections().all().isEmpty());
            await().until(() -> told.contains("close"));
        }
    }

    /// A WebSocket whose client has sent its close frame, and does not take the much that waits for it.
    private static long closedAndUnread(TestHost host, VertxServer server, Socket lazy) throws IOException {
        host.upgrade(lazy, "/");
        long id = only(server.connections());
        assertThat(server.connections().push(id, false, new byte[32 << 20])).isTrue();
        lazy.getOutputStream().write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
        return id;
    }
}
