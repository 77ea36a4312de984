package dev.muster.system.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The line to a server. While it is cut, what is sent over it vanishes without a word, in both directions, as in a
/// network that is parted; connections can be made and lead nowhere. When it is healed, every connection of that time
/// breaks, and new ones work.
///
/// **Threads:** [#cut()] and [#heal()] belong to one. **Lifetime:** [#close] ends all connections.
final class Line implements AutoCloseable {
    private final int target;
    private final ServerSocket door;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;

    /// @param target the port of the server on the loopback interface
    Line(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread _ = Thread.ofVirtual().start(this::accept);
    }

    /// Where it begins.
    int port() {
        return door.getLocalPort();
    }

    void cut() {
        cut = true;
    }

    void heal() throws IOException {
        closeAll();
        cut = false;
        // Those that were made in between have lost bytes, too.
        closeAll();
    }

    private void closeAll() throws IOException {
        for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                connect(door.accept());
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void connect(Socket client) throws IOException {
        client.setTcpNoDelay(true);
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            // The server is down: whoever called it hears of that.
            client.close();
            return;
        }
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        Thread _ = Thread.ofVirtual().start(() -> copy(client, server));
        Thread _ = Thread.ofVirtual().start(() -> copy(server, client));
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!cut) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // One of the ends is gone.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        closeAll();
    }
}
