package dev.muster.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Looks at the page of the demo as browsers do, so that the web workers of a training have worked.
final class Visitor {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Visitor() {}

    /// Gets the page some times, and waits for one push.
    static void visit(int port, int times) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                    .timeout(LIMIT)
                    .build();
            for (int i = 0; i < times; i++) {
                client.send(page, HttpResponse.BodyHandlers.discarding());
            }
            CompletableFuture<Boolean> pushed = new CompletableFuture<>();
            WebSocket.Listener listener = new WebSocket.Listener() {
                @Override
                public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                    pushed.complete(true);
                    return null;
                }
            };
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/"), listener)
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            boolean _ = pushed.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            socket.abort();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the page of the demo does not work: " + e, e);
        }
    }
}
