package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Frames of a client that sends them as it likes: what arrives of them, and with which code they end the WebSocket.
@Timeout(60)
class FramesTest {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int PING = 9;
    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int MOST = 1 << 10;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final class Ears implements ServerListener {
        @Override
        public void onMessage(Server server, WebMessage message) {
            heard.add((message.isText() ? "text " : "binary ") + message.text());
        }
    }

    private TestHost host() throws Exception {
        TestHost host = TestHost.of(new Ears(), "server.maxMessage=1KiB");
        host.serve();
        return host;
    }

    private static DataInputStream open(Socket socket, boolean deflate) throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.setSoTimeout(20_000);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        assertThat(head).startsWith("HTTP/1.1 101");
        assertThat(head.toString().contains("permessage-deflate")).isEqualTo(deflate);
        return in;
    }

    /// A frame, masked with zeros.
    private static void send(Socket socket, int first, byte... payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(FINAL | payload.length);
        } else {
            frame.writeBytes(new byte[] {(byte) (FINAL | 126), (byte) (payload.length >> 8), (byte) payload.length});
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] deflated(byte[] data) {
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(data);
            byte[] out = new byte[data.length + 64];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            // RFC 7692, 7.2.1: without the four bytes at the end.
            return Arrays.copyOf(out, length - 4);
        }
    }

    /// The code of the close frame that comes, whatever comes before it.
    private static int closeCode(DataInputStream in) throws IOException {
        while (true) {
            int first = in.readUnsignedByte();
            byte[] payload = in.readNBytes(in.readUnsignedByte());
            if (first == (FINAL | 8)) {
                return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
            }
        }
    }

    @Test
    void fragmentsAreOneMessageAlsoWhenSomeAreEmpty() throws Exception {
        try (TestHost host = host();
                Socket socket = host.connect()) {
            DataInputStream in = open(socket, false);
            send(socket, TEXT);
            send(socket, 0, bytes("one "));
            send(socket, FINAL | PING, bytes("between"));
            send(socket, 0);
            send(socket, FINAL, bytes("two"));
            send(socket, BINARY);
            send(socket, FINAL);
            await().until(() -> heard.size() == 2);
            assertThat(heard).containsExactly("text one two", "binary ");
            assertThat(in.readUnsignedByte()).isEqualTo(FINAL | 10);
        }
    }

    @Test
    void charactersMayBeCutByFragments() throws Exception {
        try (TestHost host = host();
                Socket socket = host.connect()) {
            DataInputStream _ = open(socket, false);
            byte[] euro = bytes("€");
            send(socket, TEXT, euro[0]);
            send(socket, FINAL, euro[1], euro[2]);
            await().until(() -> heard.equals(List.of("text €")));
        }
    }

    @Test
    void fragmentsThatTogetherAreTooLongCloseWith1009() throws Exception {
        try (TestHost host = host();
                Socket socket = host.connect()) {
            DataInputStream in = open(socket, false);
            send(socket, BINARY, new byte[MOST - 1]);
            send(socket, 0, (byte) 0);
            send(socket, 0, (byte) 0);
            assertThat(closeCode(in)).isEqualTo(1009);
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void whatIsTooLongWhenInflatedClosesWith1009() throws Exception {
        try (TestHost host = host()) {
            for (int length : new int[] {MOST, MOST + 1, 2 * MOST, 100 * MOST}) {
                try (Socket socket = host.connect()) {
                    DataInputStream in = open(socket, true);
                    send(socket, FINAL | COMPRESSED | BINARY, deflated(new byte[length]));
                    if (length <= MOST) {
                        await().until(() -> heard.size() == 1);
                    } else {
                        assertThat(closeCode(in)).as("%d bytes", length).isEqualTo(1009);
                    }
                }
            }
            assertThat(heard).hasSize(1);
        }
    }

    @Test
    void whatCannotBeInflatedClosesWith1007() throws Exception {
        try (TestHost host = host();
                Socket socket = host.connect()) {
            DataInputStream in = open(socket, true);
            send(socket, FINAL | COMPRESSED | TEXT, (byte) 0xff, (byte) 0xff, (byte) 0xff);
            assertThat(closeCode(in)).isEqualTo(1007);
        }
    }

    @Test
    void aTextThatIsNoUtf8ClosesWith1007() throws Exception {
        for (boolean deflate : new boolean[] {false, true}) {
            try (TestHost host = host();
                    Socket socket = host.connect()) {
                DataInputStream in = open(socket, deflate);
                send(socket, TEXT, (byte) 'a', (byte) 0xc3);
                send(socket, FINAL, (byte) 0x28);
                assertThat(closeCode(in)).as("deflate: %s", deflate).isEqualTo(1007);
                assertThat(heard).isEmpty();
            }
        }
    }

    @Test
    void aReservedBitThatNobodyAgreedOnClosesWith1002() throws Exception {
        try (TestHost host = host();
                Socket socket = host.connect()) {
            DataInputStream in = open(socket, false);
            send(socket, FINAL | COMPRESSED | TEXT, (byte) 'a');
            assertThat(closeCode(in)).isEqualTo(1002);
            assertThat(heard).isEmpty();
        }
    }
}
