package dev.muster.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Clients of a WebSocket, all on one thread, that cost as little as they can: they count the short messages that come
/// (RFC 6455, section 5.2; from a server, unmasked, below 126 bytes).
///
/// **Threads:** one. **Lifetime:** [#close] closes all.
final class SocketClients implements AutoCloseable {
    private static final String UPGRADE = """
        GET / HTTP/1.1\r
        Host: 127.0.0.1\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """;
    private static final int FINAL_TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int LONGEST = 125;
    private static final long PATIENCE_MILLIS = 20_000;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
    private final ByteBuffer out = ByteBuffer.allocateDirect(4 << 10);

    /// What is told of each message that has come.
    interface Arrival {
        /// @return whether the client is to send the message again
        boolean arrived(int client);
    }

    private final class Client {
        private final SocketChannel channel;
        private final int number;
        /// Bytes of the message that has begun.
        private int left;

        Client(SocketChannel channel, int number) {
            this.channel = channel;
            this.number = number;
        }

        void read(Arrival arrival, ByteBuffer message) throws IOException {
            int count = channel.read(in.clear());
            if (count < 0) {
                throw new IOException("client " + number + " was closed by the server");
            }
            in.flip();
            boolean again = false;
            while (in.hasRemaining()) {
                if (left == 0) {
                    if (in.remaining() == 1) {
                        throw new IOException("a header that is cut; this client cannot do that");
                    }
                    int first = in.get() & 0xff;
                    int length = in.get();
                    if (first != FINAL_TEXT || length < 0 || length > LONGEST) {
                        throw new IOException("a frame that is no short text: " + first + " " + length);
                    }
                    left = length;
                }
                int piece = Math.min(left, in.remaining());
                in.position(in.position() + piece);
                left -= piece;
                again |= left == 0 && arrival.arrived(number);
            }
            if (again) {
                send(message);
            }
        }

        void send(ByteBuffer message) throws IOException {
            if (channel.write(message.rewind()) != message.limit()) {
                throw new IOException("the server does not read");
            }
        }
    }

    /// Connects so many, one after the other.
    SocketClients(int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var _ = channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            int _ = channel.write(ByteBuffer.wrap(UPGRADE.getBytes(StandardCharsets.US_ASCII)));
            StringBuilder answer = new StringBuilder();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (answer.indexOf("\r\n\r\n") < 0) {
                if (channel.read(one.clear()) < 0) {
                    throw new IOException("no WebSocket: " + answer);
                }
                answer.append((char) one.get(0));
            }
            if (!answer.toString().startsWith("HTTP/1.1 101")) {
                throw new IOException("no WebSocket: " + answer);
            }
            var _ = channel.configureBlocking(false);
            Client client = new Client(channel, i);
            var _ = channel.register(selector, SelectionKey.OP_READ, client);
            clients.add(client);
        }
    }

    /// A text message of a client; its mask is zero, which hides nothing and costs nothing.
    private ByteBuffer frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return out.clear()
                .put((byte) FINAL_TEXT)
                .put((byte) (MASKED | bytes.length))
                .putInt(0)
                .put(bytes)
                .flip();
    }

    /// Each client sends the text, and again whenever it comes back, for so long.
    ///
    /// @return how many have come back
    long echo(String text, long nanos) throws IOException {
        ByteBuffer message = frame(text);
        long end = System.nanoTime() + nanos;
        long[] count = new long[1];
        for (Client client : clients) {
            client.send(message);
        }
        while (System.nanoTime() - end < 0) {
            take(message, _ -> {
                count[0]++;
                return true;
            });
        }
        // The last of each.
        int[] last = {clients.size()};
        long counted = count[0];
        while (last[0] > 0) {
            take(message, _ -> {
                last[0]--;
                return false;
            });
        }
        return counted;
    }

    /// The first client sends the text once; returns when every client has a message.
    ///
    /// @return nanoseconds that took
    long toAll(String text) throws IOException {
        ByteBuffer message = frame(text);
        int[] left = {clients.size()};
        long start = System.nanoTime();
        clients.getFirst().send(message);
        while (left[0] > 0) {
            take(message, _ -> {
                left[0]--;
                return false;
            });
        }
        return System.nanoTime() - start;
    }

    private void take(ByteBuffer message, Arrival arrival) throws IOException {
        int[] ready = new int[1];
        IOException[] failure = new IOException[1];
        ready[0] = selector.select(
                key -> {
                    try {
                        ((Client) key.attachment()).read(arrival, message);
                    } catch (IOException e) {
                        failure[0] = e;
                    }
                },
                PATIENCE_MILLIS);
        if (failure[0] != null) {
            throw failure[0];
        }
        if (ready[0] == 0) {
            throw new IOException("nothing came for " + PATIENCE_MILLIS + " ms");
        }
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }
}
