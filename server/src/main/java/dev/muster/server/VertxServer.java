package dev.muster.server;

import dev.muster.ServerListener;
import dev.muster.config.Settings;
import dev.muster.web.ConnectionDesk;
import dev.muster.web.WebHost;
import dev.muster.web.WebServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A server of Vert.x on the socket that all web workers share.
///
/// How it ends without failing a request: it stops accepting, and connections that come wait in the kernel for the
/// other workers; each answer says that its connection ends with it; who speaks HTTP/2 gets GOAWAY; idle connections
/// stay for a grace, in which the request that is on its way arrives; WebSockets are closed with 1012, spread over that
/// grace.
final class VertxServer implements WebServer {
    private static final long ATTEND_MILLIS = 1_000;
    private static final long CERTIFICATE_MILLIS = 2_000;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long CLOSING_SECONDS = 10;

    private final Settings settings;
    private final SharedListener listener;
    private final Vertx vertx;
    private final HttpServer server;
    private final Door door;
    private final Clients clients;
    private final Requests requests;
    private final Sockets sockets;

    private VertxServer(WebHost host) throws Exception {
        settings = host.settings();
        listener = new SharedListener(host.listening(), host::leavesNext);
        vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(1)
                        // The master watches over what blocks, better than a warning does.
                        .setBlockedThreadCheckInterval(TimeUnit.HOURS.toMillis(1)))
                .withTransport(listener)
                .build();
        boolean made = false;
        try {
            Audience audience = new Audience(host.listeners());
            Runners runners = new Runners(host);
            door = new Door(listener, host, settings.number("server.maxConnections"));
            clients = new Clients(
                    door,
                    (int) settings.bytes("server.maxMessage"),
                    TimeUnit.MILLISECONDS.toNanos(settings.millis("server.idleTimeout")),
                    settings.flag("server.http2") && !Certificates.wanted(settings),
                    host::exhausted);
            listener.onAccept(clients::accepted);
            requests = new Requests(vertx, host, runners, clients, audience);
            List<ServerListener> ofSockets = audience.forSockets();
            sockets = new Sockets(vertx, host, runners, clients, requests, ofSockets);
            if (!ofSockets.isEmpty()) {
                requests.upgrading(sockets);
            }
            List<Routes> routes = audience.withRoutes();
            if (!routes.isEmpty()) {
                requests.through(new RouterEntry(
                        vertx,
                        requests,
                        routes,
                        host.server(),
                        settings.bytes("server.maxBody"),
                        settings.flag("server.forwarded")));
            }
            server = vertx.createHttpServer(ServerOptions.of(settings, !ofSockets.isEmpty()))
                    .connectionHandler(clients::connected)
                    .requestHandler(requests);
            // The port and the address are those of the socket, whatever stands here.
            await(server.listen(0, "127.0.0.1"));
            attend();
            made = true;
        } finally {
            if (!made) {
                await(vertx.close());
            }
        }
    }

    static VertxServer open(WebHost host) throws Exception {
        return new VertxServer(host);
    }

    private void attend() {
        long idle = TimeUnit.MILLISECONDS.toNanos(settings.millis("server.idleTimeout"));
        vertx.setPeriodic(ATTEND_MILLIS, _ -> {
            clients.closeIdle(idle);
            sockets.attend();
            requests.attend();
        });
        if (Certificates.wanted(settings)) {
            Certificates certificates = new Certificates(settings, server);
            vertx.setPeriodic(CERTIFICATE_MILLIS, _ -> certificates.look());
        }
    }

    private static void await(Future<?> done) throws Exception {
        done.toCompletionStage().toCompletableFuture().get(CLOSING_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void accept() {
        requests.leaving(false);
        clients.stay();
        door.open();
    }

    @Override
    public void pause() {
        door.close();
        requests.leaving(true);
        clients.goAway();
    }

    @Override
    public int busy() {
        return requests.inside() + sockets.telling();
    }

    @Override
    public void drain() throws InterruptedException {
        pause();
        // Else a connection that is just being accepted would find the server gone.
        listener.settle();
        long grace = TimeUnit.MILLISECONDS.toNanos(
                Math.min(settings.millis("server.drainGrace"), settings.millis("limits.drain") / 2));
        sockets.leave(TimeUnit.NANOSECONDS.toMillis(grace));
        // What a client has sent before it read the GOAWAY is here by then.
        long quiet = Math.min(grace, TimeUnit.SECONDS.toNanos(1));
        long end = System.nanoTime() + grace;
        while (!(clients.none() && sockets.none() && busy() == 0)) {
            clients.endHttp2(quiet);
            if (System.nanoTime() - end >= 0) {
                // Not at once: one whose head was sent before could not be told that its answer is the last.
                clients.closeIdle(grace);
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while the server drains");
            }
        }
    }

    @Override
    public ConnectionDesk connections() {
        return sockets;
    }

    @Override
    public void close() {
        try {
            await(vertx.close());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            System.getLogger("dev.muster.server").log(System.Logger.Level.WARNING, "the server did not close", e);
        }
    }
}
