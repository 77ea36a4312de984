package dev.muster.server;

import dev.muster.Server;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.AllowForwardHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Router of the application: routes that do not wait first, on the event loop; then the body is read, and the
/// other routes go on, on a virtual thread; what none took is the listener's.
final class RouterEntry {
    private static final String PASSAGE = "muster.passage";
    /// There while the body is being read: what fails then is no failure of a handler.
    private static final String READING = "muster.reading";
    private static final byte[] EMPTY = new byte[0];
    private static final int TOO_LARGE = 413;
    private static final int LOWEST_FAILURE = 400;
    private static final int FAILURE = 500;

    private static final Logger LOG = LoggerFactory.getLogger("dev.muster.server");

    private final Requests requests;
    private final Router router;
    /// The request that the event loop is just about to give to the router.
    private @Nullable Passage arriving;

    /// @throws Exception if the application cannot add its routes
    RouterEntry(Vertx vertx, Requests requests, List<Routes> routes, Server server, long mostBody, boolean forwarded)
            throws Exception {
        this.requests = requests;
        router = Router.router(vertx);
        boolean onLoop = routes.stream().anyMatch(Audience::nonBlocking);
        router.route().handler(context -> {
            // A route that sends its request round again keeps what it has: another one may be arriving by then.
            if (context.get(PASSAGE) == null) {
                context.put(PASSAGE, arriving);
                Passage passage = passage(context);
                // Beside the handlers of the application, not in their place.
                context.addEndHandler(_ -> passage.answered());
                if (context.request().version() != HttpVersion.HTTP_2) {
                    context.addHeadersEndHandler(_ -> passage.head());
                }
                if (onLoop) {
                    passage.watch();
                }
            }
            context.next();
        });
        router.allowForward(forwarded ? AllowForwardHeaders.ALL : AllowForwardHeaders.NONE);
        for (Routes some : routes) {
            if (Audience.nonBlocking(some)) {
                some.routes(router, server);
            }
        }
        router.route().handler(context -> {
            context.put(READING, true).next();
        });
        router.route().handler(BodyHandler.create(false).setBodyLimit(mostBody)).handler(this::hop);
        for (Routes some : routes) {
            if (!Audience.nonBlocking(some)) {
                some.routes(router, server);
            }
        }
        if (requests.listened()) {
            router.route().last().handler(this::unclaimed);
        }
        router.route().failureHandler(this::failed);
    }

    void route(HttpServerRequest request, Passage passage) {
        arriving = passage;
        router.handle(request);
    }

    private static Passage passage(RoutingContext context) {
        return Objects.requireNonNull(context.get(PASSAGE), PASSAGE);
    }

    private void hop(RoutingContext context) {
        Object _ = context.remove(READING);
        HttpServerRequest request = context.request();
        requests.handle(request, passage(context), false, () -> {
            context.next();
            return null;
        });
    }

    private void unclaimed(RoutingContext context) {
        Buffer body = context.body().buffer();
        HttpServerRequest request = context.request();
        requests.toListener(request, passage(context), body == null ? EMPTY : body.getBytes(), true);
    }

    private void failed(RoutingContext context) {
        Throwable thrown = context.failure();
        boolean reading = context.get(READING) != null;
        if (thrown == null || thrown instanceof HttpException) {
            refused(context);
        } else if (reading && Bodies.unread(context.request(), passage(context), thrown)) {
            // It is answered, or its client is gone.
            return;
        } else if (context.statusCode() >= LOWEST_FAILURE && context.statusCode() < FAILURE) {
            // A route that refuses, and says why: CORS, CSRF, a token.
            LOG.debug("request {} is refused", passage(context).id(), thrown);
            refused(context);
        } else {
            requests.failed(context.request(), passage(context), thrown);
        }
    }

    /// A route, or Vert.x itself, has said which status it is to be.
    private void refused(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        int status = context.statusCode() < LOWEST_FAILURE ? FAILURE : context.statusCode();
        String text = response.setStatusCode(status).getStatusMessage() + "\n";
        passage(context)
                .refuse(new Refusal(status, text, status == TOO_LARGE ? Refusal.After.END : Refusal.After.GO_ON));
    }
}
