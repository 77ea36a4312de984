package dev.muster.broker.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// The line to a server, which a test can cut in a certain moment.
final class Wire implements AutoCloseable {
    /// What happens to the next commit.
    enum Cut {
        /// Nothing.
        NONE,
        /// The server never hears of it.
        BEFORE,
        /// The server makes it, and nobody hears of that.
        AFTER,
        /// The server hears of it only when it is delivered, long after the connection was given up.
        LATE
    }

    private final int target;
    private final ServerSocket door;
    private final Collection<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NONE);
    private final CompletableFuture<Late> late = new CompletableFuture<>();
    private volatile boolean stayDown;
    private volatile boolean down;

    private record Late(byte[] commit, Socket server, CompletableFuture<Void> answered) {}

    Wire(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread _ = Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "postgres://postgres@127.0.0.1:" + door.getLocalPort() + "/postgres";
    }

    /// The next transaction that is committed through it meets this. Afterwards the line is down until [#up], if
    /// that is wanted.
    void cut(Cut cut, boolean stayDown) {
        this.stayDown = stayDown;
        next.set(cut);
    }

    void up() {
        down = false;
    }

    /// Lets the server hear of the commit that was [Cut#LATE], and waits for what it says.
    void deliver() throws Exception {
        Late held = late.get(20, TimeUnit.SECONDS);
        held.server.getOutputStream().write(held.commit);
        Void _ = held.answered.get(20, TimeUnit.SECONDS);
    }

    /// Whether the moment has come.
    boolean wasCut() {
        return next.get() == Cut.NONE;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                if (down) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                if (down) {
                    // It went down since it was asked.
                    client.close();
                    server.close();
                    continue;
                }
                AtomicReference<Cut> mine = new AtomicReference<>(Cut.NONE);
                CompletableFuture<Void> answered = new CompletableFuture<>();
                Thread _ = Thread.ofVirtual().start(() -> forward(client, server, mine, answered));
                Thread _ = Thread.ofVirtual().start(() -> back(server, client, mine, answered));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void forward(Socket client, Socket server, AtomicReference<Cut> mine, CompletableFuture<Void> answered) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (new String(buffer, 0, n, ISO_8859_1).contains("COMMIT") && next.get() != Cut.NONE) {
                    mine.set(next.getAndSet(Cut.NONE));
                    if (stayDown) {
                        down = true;
                        closeAllBut(client, server);
                    }
                    if (mine.get() == Cut.BEFORE) {
                        break;
                    }
                    if (mine.get() == Cut.LATE) {
                        boolean _ = late.complete(new Late(Arrays.copyOf(buffer, n), server, answered));
                        client.close();
                        return;
                    }
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One of the ends is gone.
        }
        close(client);
        close(server);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }

    /// Idle connections of a pool, over which it could ask what became of its commit.
    private void closeAllBut(Socket client, Socket server) throws IOException {
        for (Socket socket : open) {
            if (!socket.equals(client) && !socket.equals(server)) {
                socket.close();
            }
        }
    }

    private static void back(
            Socket server, Socket client, AtomicReference<Cut> mine, CompletableFuture<Void> answered) {
        byte[] buffer = new byte[1 << 16];
        try (client;
                server) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (mine.get() == Cut.LATE) {
                    boolean _ = answered.complete(null);
                }
                if (mine.get() == Cut.AFTER || mine.get() == Cut.LATE) {
                    return;
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One of the ends is gone.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
