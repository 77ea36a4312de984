package dev.muster.system.apps;

import dev.muster.config.Settings;
import dev.muster.web.BorrowedChannel;
import dev.muster.web.WebHost;
import dev.muster.web.WebServer;
import dev.muster.web.WebServerProvider;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// Jetty as the server of web workers.
final class JettyServer implements WebServer {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final BorrowedChannel listening;
    private final Server jetty;
    private final ServerConnector connector;
    private final GracefulHandler graceful;
    private final long graceNanos;
    private volatile boolean leaving;

    private JettyServer(WebHost host, Handler application) throws Exception {
        Settings settings = host.settings();
        graceNanos = TimeUnit.MILLISECONDS.toNanos(
                Math.min(settings.millis("server.drainGrace"), settings.millis("limits.drain") / 2));
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        jetty = new Server(threads);
        // What lasts longer is for the master to end.
        jetty.setStopTimeout(settings.millis("limits.drain"));
        graceful = new GracefulHandler(new Watched(host, application));
        jetty.setHandler(graceful);
        // One thread accepts, whatever the number of processors.
        connector = new ServerConnector(jetty, 1, -1, new HttpConnectionFactory(new HttpConfiguration()));
        listening = BorrowedChannel.of(host.listening());
        connector.open(listening);
        jetty.addConnector(connector);
        jetty.start();
    }

    @Override
    public void accept() {
        leaving = false;
        listening.accepting(true);
    }

    @Override
    public void pause() {
        listening.accepting(false);
        leaving = true;
    }

    @Override
    public int busy() {
        return Math.toIntExact(graceful.getCurrentRequestCount());
    }

    /// Jetty's graceful stop answers 503 to what still comes on the connections that are there; so they are given a
    /// time first, in which each of them ends with its next answer.
    @Override
    public void drain() throws InterruptedException {
        pause();
        long end = System.nanoTime() + graceNanos;
        while (!connector.getConnectedEndPoints().isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while Jetty drains");
            }
        }
        close();
    }

    @Override
    public void close() {
        listening.accepting(false);
        try {
            jetty.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            System.getLogger("jetty").log(System.Logger.Level.WARNING, "Jetty did not stop", e);
        }
    }

    /// Shows each request to the master, with its deadline, and tells clients of a process that is to end to
    /// connect anew.
    private final class Watched extends Handler.Wrapper {
        private final WebHost host;

        Watched(WebHost host, Handler application) {
            super(application);
            this.host = host;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (leaving || host.condemned()) {
                var _ = response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            if (host.condemned()) {
                Response.writeError(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503);
                return true;
            }
            WebHost.Work work = host.begin(() -> request.getMethod() + " " + Request.getPathInContext(request));
            Request.addCompletionListener(request, failure -> work.end(failure != null));
            try {
                return super.handle(request, response, callback);
            } catch (OutOfMemoryError e) {
                host.exhausted(e);
                throw e;
            }
        }
    }

    /// Found by its name in `META-INF/services/dev.muster.web.WebServerProvider` of the application's jar.
    public static final class Provider implements WebServerProvider {
        @Override
        public WebServer open(WebHost host) throws Exception {
            return new JettyServer(host, new JettyApp.Pages());
        }
    }
}
