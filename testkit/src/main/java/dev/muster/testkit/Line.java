package dev.muster.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The TCP line to a server of this machine, which a test can spoil: cut it, or let it die without a word, as a
/// firewall does that has forgotten a connection.
///
/// ```java
/// try (Line line = Line.to(6379)) {
///     … connect somebody to line.port() …
///     line.stall();   // open connections are dead, and nobody is told; new ones work
/// }
/// ```
///
/// **Threads:** safe for use by many threads. **Lifetime:** [#close] breaks what is open.
public final class Line implements AutoCloseable {
    /// What passes over a connection.
    private enum Flow {
        BOTH_WAYS,
        /// Only what the client says.
        REQUESTS,
        NOTHING
    }

    private final int target;
    private final ServerSocket door;
    private final Collection<Link> links = new ConcurrentLinkedQueue<>();
    // Guarded by this.
    private boolean down;
    private Flow flow = Flow.BOTH_WAYS;

    private Line(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread _ = Thread.ofVirtual().start(this::accept);
    }

    /// A line to a port of the loopback interface.
    public static Line to(int port) throws IOException {
        return new Line(port);
    }

    /// Where it begins: a port of the loopback interface.
    public int port() {
        return door.getLocalPort();
    }

    /// Breaks all connections, and each new one at once, until [#heal].
    public synchronized void cut() {
        down = true;
        links.forEach(Link::close);
        links.clear();
    }

    /// From now on nothing passes over the connections that are open, and nobody is told. New ones work.
    public synchronized void stall() {
        links.forEach(link -> link.flow = Flow.NOTHING);
    }

    /// The same, also for new connections until [#heal].
    public synchronized void block() {
        flow = Flow.NOTHING;
        stall();
    }

    /// From now on the server hears over the connections that are open, and its answers are lost. New ones work.
    public synchronized void loseAnswers() {
        links.forEach(link -> link.flow = Flow.REQUESTS);
    }

    /// New connections work. A dead one stays dead.
    public synchronized void heal() {
        down = false;
        flow = Flow.BOTH_WAYS;
    }

    private void accept() {
        try {
            while (true) {
                join(door.accept());
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private synchronized void join(Socket client) throws IOException {
        if (down) {
            client.close();
            return;
        }
        try {
            Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), target), flow);
            links.add(link);
            link.start();
        } catch (IOException e) {
            // Nobody listens: the client is told as directly as a line can.
            client.close();
        }
    }

    /// One connection.
    private static final class Link {
        private final Socket client;
        private final Socket server;
        private volatile Flow flow;

        Link(Socket client, Socket server, Flow flow) throws IOException {
            this.client = client;
            this.server = server;
            this.flow = flow;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void start() {
            Thread _ = Thread.ofVirtual().start(() -> pass(client, server, true));
            Thread _ = Thread.ofVirtual().start(() -> pass(server, client, false));
        }

        private void pass(Socket from, Socket to, boolean request) {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (passes(request)) {
                        out.write(buffer, 0, n);
                    }
                }
            } catch (IOException e) {
                // One of the ends is gone.
            }
            if (passes(request)) {
                close();
            }
        }

        private boolean passes(boolean request) {
            return switch (flow) {
                case BOTH_WAYS -> true;
                case REQUESTS -> request;
                case NOTHING -> false;
            };
        }

        void close() {
            try (client;
                    server) {
                flow = Flow.NOTHING;
            } catch (IOException e) {
                // It is as good as closed.
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        door.close();
        links.forEach(Link::close);
        links.clear();
    }
}
