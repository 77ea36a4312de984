package dev.muster.examples.demo;

import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.memory.LimitException;
import dev.muster.server.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The page of the demo: it shows live what the slots do, and what is pushed to the user `?user=NAME`.
@ServerEvents
public class DemoPage implements Routes {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BAD_REQUEST = 400;
    private static final int ACCEPTED = 202;
    private static final int TOO_LARGE = 413;
    private static final int FULL = 503;
    private static final int MESSAGE_TOO_LARGE = 1009;

    @Override
    public void routes(Router router, Server server) throws IOException {
        Buffer page = Buffer.buffer(page());
        router.route("/")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> context.response()
                        .putHeader("Content-Type", "text/html; charset=utf-8")
                        .putHeader("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")
                        .end(page));
        router.post("/push").handler(DemoPage::push);
    }

    private static byte[] page() throws IOException {
        try (InputStream page = DemoPage.class.getResourceAsStream("page.html")) {
            if (page == null) {
                throw new IOException("the demo lacks its page.html");
            }
            return page.readAllBytes();
        }
    }

    /// Puts `{"userId":"ada","text":"hello"}`, with an empty `userId` for all, where [WebSocketPushProcess] takes
    /// it.
    private static void push(RoutingContext context) {
        int status = accept(context.body().asString());
        context.response()
                .setStatusCode(status)
                .end(status == BAD_REQUEST ? "a push is {\"userId\":\"ada\",\"text\":\"hello\"}\n" : "");
    }

    private static int accept(@Nullable String body) {
        try {
            // JSON has a null that is no push.
            Pushes.Push push = body == null ? null : JSON.readValue(body, Pushes.Push.class);
            return push == null ? BAD_REQUEST : Pushes.CHANNEL.offer(push) ? ACCEPTED : FULL;
        } catch (JacksonException _) {
            return BAD_REQUEST;
        } catch (LimitException _) {
            return TOO_LARGE;
        }
    }

    @Override
    public void onOpen(Server server, WebRequest request) {
        request.parameter("user")
                .filter(user -> !user.isEmpty())
                .ifPresent(user -> server.bind(request.connectionId(), user));
    }

    /// What a page says, all pages hear.
    @Override
    public void onMessage(Server server, WebMessage message) {
        try {
            Pushes.CHANNEL.offer(new Pushes.Push("", message.text()));
        } catch (LimitException _) {
            server.close(message.connectionId(), MESSAGE_TOO_LARGE, "too long to be pushed");
        }
    }
}
