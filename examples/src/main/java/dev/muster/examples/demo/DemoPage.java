package dev.muster.examples.demo;

import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.server.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The page of the demo: it shows live what the slots do, and what is pushed to the user `?user=NAME`.
@ServerEvents
public class DemoPage implements Routes {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BAD_REQUEST = 400;
    private static final int ACCEPTED = 202;
    private static final int FULL = 503;

    @Override
    public void routes(Router router, Server server) throws IOException {
        Buffer page = Buffer.buffer(page());
        router.get("/")
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

    /// Puts `{"userId":"ada","text":"hello"}` where [WebSocketPushProcess] takes it.
    private static void push(RoutingContext context) {
        Pushes.Push push;
        try {
            push = JSON.readValue(Objects.requireNonNullElse(context.body().asString(), ""), Pushes.Push.class);
        } catch (JacksonException e) {
            context.response()
                    .setStatusCode(BAD_REQUEST)
                    .end("a push is {\"userId\":\"ada\",\"text\":\"hello\"}, with an empty userId for all\n");
            return;
        }
        boolean taken = Pushes.CHANNEL.offer(push);
        context.response().setStatusCode(taken ? ACCEPTED : FULL).end();
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
        Pushes.CHANNEL.offer(new Pushes.Push("", message.text()));
    }
}
