package dev.muster.server;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.web.ConnectionIds;
import dev.muster.web.WebHost;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// A worker without a process around it: a socket that listens, listeners, settings. Several servers may be made on one
/// socket, as workers have it.
final class TestHost implements WebHost, AutoCloseable {
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger extended = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger left = new AtomicInteger();
    volatile boolean condemned;
    volatile boolean leaves;
    /// Run by the thread that accepts, when a connection waits.
    volatile Runnable beforeAccept = () -> {};
    volatile int inside;
    private final List<VertxServer> servers = new ArrayList<>();
    private final ServerSocketChannel listening;
    private final Settings settings;
    private final List<ServerListener> listeners;
    private final AtomicLong connections = new AtomicLong();

    private TestHost(InetAddress at, List<String> sets, List<ServerListener> listeners) throws IOException {
        settings = SettingsLoader.load("Test", null, Map.of(), sets);
        this.listeners = listeners;
        listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(at, 0), 1_024);
        listening.configureBlocking(false);
    }

    static TestHost of(ServerListener listener, String... sets) throws IOException {
        return new TestHost(InetAddress.getLoopbackAddress(), List.of(sets), List.of(listener));
    }

    /// The same at every address of this machine.
    static TestHost everywhere(ServerListener listener, String... sets) throws IOException {
        return new TestHost(new InetSocketAddress(0).getAddress(), List.of(sets), List.of(listener));
    }

    /// One more server on the socket, accepting.
    VertxServer serve() throws Exception {
        VertxServer server = VertxServer.open(this);
        servers.add(server);
        server.accept();
        return server;
    }

    int port() {
        return listening.socket().getLocalPort();
    }

    /// A connection without a client behind it.
    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    /// Asks for a WebSocket on such a connection; whoever gets it does not read.
    void upgrade(Socket socket, String path) throws IOException {
        String request = """
            GET %s HTTP/1.1
            Host: x
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """.formatted(path).replace("\n", "\r\n");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    URI http(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    URI ws(String path) {
        return URI.create("ws://127.0.0.1:" + port() + path);
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public ServerSocketChannel listening() {
        return listening;
    }

    @Override
    public void connections(int count, boolean accepts) {
        inside = count;
    }

    @Override
    public boolean leavesNext() {
        beforeAccept.run();
        left.addAndGet(leaves ? 1 : 0);
        return leaves;
    }

    /// Of the application only the number of this worker is there.
    @Override
    public Server server() {
        return (Server)
                Proxy.newProxyInstance(Server.class.getClassLoader(), new Class<?>[] {Server.class}, (_, method, _) -> {
                    if (method.getName().equals("workerId")) {
                        return 7;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public List<ServerListener> listeners() {
        return listeners;
    }

    @Override
    public long nextConnection() {
        return ConnectionIds.of(1, connections.incrementAndGet());
    }

    @Override
    public Work begin(Supplier<String> label) {
        begun.incrementAndGet();
        return new Work() {
            @Override
            public void extend() {
                extended.incrementAndGet();
            }

            @Override
            public void end(boolean badly) {
                ended.incrementAndGet();
                if (badly) {
                    failed.incrementAndGet();
                }
            }
        };
    }

    @Override
    public boolean condemned() {
        return condemned;
    }

    @Override
    public void exhausted(OutOfMemoryError failure) {
        throw failure;
    }

    @Override
    public void close() throws IOException {
        servers.forEach(VertxServer::close);
        listening.close();
    }
}
