package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.WorkerFailure;
import dev.muster.web.WebHost;
import dev.muster.web.WebServer;
import dev.muster.web.WebServerProvider;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Web workers that tell whoever connects their pid, and speak no HTTP. Its jar names [Provider] as the server.
public final class Answering {
    private Answering() {}

    public static void main(String[] args) {
        Muster.run(Answering.class, args);
    }

    /// Makes the server, unless a test has said that it cannot be made.
    public static final class Provider implements WebServerProvider {
        @Override
        public WebServer open(WebHost host) throws IOException {
            if (Ledger.told("broken")) {
                throw new IOException("the server is broken");
            }
            return new Line(host);
        }
    }

    /// Notes what it is told of the application and of its worker.
    @ServerEvents
    public static final class Ears implements ServerListener {
        @Override
        public void onShutdown(Server server) {
            note(server, "shutdown");
        }

        @Override
        public void onWorkerError(Server server, WorkerFailure failure) {
            note(server, "error of " + failure.name());
        }

        @Override
        public void onWorkerStart(Server server) {
            note(server, "worker start");
        }

        @Override
        public void onWorkerStop(Server server) {
            note(server, "worker stop");
        }

        private static void note(Server server, String event) {
            Ledger.note("events", event + " in " + server.workerId());
        }
    }

    /// Accepts with a selector, as servers do: what is inherited must not be closed, which an interrupt would do.
    private static final class Line implements WebServer {
        private final WebHost host;
        private final Selector selector;
        private final SelectionKey key;

        Line(WebHost host) throws IOException {
            this.host = host;
            selector = Selector.open();
            var _ = host.listening().configureBlocking(false);
            key = host.listening().register(selector, 0);
            Thread.ofPlatform().daemon().name("line").start(this::run);
        }

        private void run() {
            try {
                while (selector.isOpen()) {
                    int _ = selector.select(_ -> answer());
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private void answer() {
            WebHost.Work work = host.begin(() -> "line");
            boolean failed = true;
            try (SocketChannel connection = host.listening().accept()) {
                if (connection != null) {
                    var _ = connection.setOption(StandardSocketOptions.SO_LINGER, 1);
                    int _ = connection.write(ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                }
                failed = false;
            } catch (IOException _) {
                // The client has gone.
            } finally {
                work.end(failed);
            }
        }

        private void interest(int operations) {
            key.interestOps(operations);
            selector.wakeup();
        }

        @Override
        public void accept() {
            interest(SelectionKey.OP_ACCEPT);
        }

        @Override
        public void pause() {
            interest(0);
        }

        @Override
        public int busy() {
            return 0;
        }

        @Override
        public void drain() {
            pause();
        }

        @Override
        public void close() {
            pause();
        }
    }
}
