package dev.muster.worker;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.config.Settings;
import dev.muster.control.Message;
import dev.muster.web.ConnectionIds;
import dev.muster.web.WebHost;
import dev.muster.web.WebServer;
import dev.muster.web.WebServers;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// The life of a web worker: it makes the server, accepts while it has the work of its slot, and when its end is asked
/// for it drains. Its connections can be asked for by other processes from before it is ready until its departure.
///
/// **Threads:** one carries it out; requests run on those of the server. **Lifetime:** that of the process.
/// **Failure:** a server that cannot be made is a failed boot.
final class WebLoop {
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Child child;
    private final ServerSocketChannel listening;
    private final Flights flights;
    private final FairShare share;
    private final Settings settings;

    /// @param listening bound
    /// @param share of the connections
    WebLoop(Child child, ServerSocketChannel listening, FairShare share) {
        this.child = child;
        this.listening = listening;
        this.share = share;
        this.settings = Settings.of(child.welcome().settings());
        this.flights =
                new Flights(child.slot(), TimeUnit.MILLISECONDS.toNanos(settings.millis("server.requestTimeout")));
    }

    /// Boots, serves until a stop is asked for, and ends the process. Does not return.
    ///
    /// @throws Exception if the server cannot be made, or the master cannot be told
    void run() throws Exception {
        // Made before the process is ready: the first request is not to wait for classes to load.
        List<ServerListener> listeners = child.events().listeners();
        try (WebServer server = WebServers.open(new Host(listeners))) {
            child.events().post().serve(server.connections());
            flights.start();
            child.events().workerStart();
            child.link().send(new Message.Ready());
            serve(server);
            server.drain();
        }
        flights.stop();
        child.events().finish();
        child.events().workerStop();
        child.departure().leave(child.stop().reason(), child.stop().detail(), false, 0);
    }

    private void serve(WebServer server) throws InterruptedException {
        while (child.duty().await()) {
            server.accept();
            while (child.duty().awaitPause(Long.MAX_VALUE) <= 0) {
                // 292 years have passed.
            }
            if (child.duty().paused()) {
                server.pause();
                while (server.busy() > 0
                        && child.duty().paused()
                        && !child.stop().asked()) {
                    LockSupport.parkNanos(REST_NANOS);
                }
            }
        }
    }

    private final class Host implements WebHost {
        private final List<ServerListener> listeners;
        private final AtomicLong connections = new AtomicLong();

        Host(List<ServerListener> listeners) {
            this.listeners = listeners;
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
        public Server server() {
            return child.server();
        }

        @Override
        public List<ServerListener> listeners() {
            return listeners;
        }

        @Override
        public void connections(int count, boolean accepts) {
            child.slot().connections(count, accepts);
        }

        @Override
        public boolean leavesNext() {
            return share.leavesNext();
        }

        @Override
        public long nextConnection() {
            return ConnectionIds.of(child.welcome().life(), connections.incrementAndGet());
        }

        @Override
        public Work begin(Supplier<String> label) {
            return flights.begin(label);
        }

        @Override
        public boolean condemned() {
            return child.slot().condemned();
        }

        @Override
        public void exhausted(OutOfMemoryError failure) {
            UncaughtFailures.leave(child.departure(), failure);
        }
    }
}
