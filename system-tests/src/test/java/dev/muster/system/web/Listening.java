package dev.muster.system.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A client with a WebSocket, that keeps what it hears.
final class Listening implements WebSocket.Listener {
    static final int LOST = -1;

    private final Queue<String> texts = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();

    private Listening() {}

    /// Opens it.
    static Listening on(HttpClient client, int port, String path) {
        Listening listening = new Listening();
        WebSocket _ = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), listening)
                .join();
        return listening;
    }

    /// What it has heard so far.
    Queue<String> texts() {
        return texts;
    }

    boolean heard(String prefix) {
        return texts.stream().anyMatch(text -> text.startsWith(prefix));
    }

    /// Whether it has ended.
    boolean over() {
        return closed.isDone();
    }

    /// The code of its close, [#LOST] if there was none; waits.
    int code() {
        return closed.join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            texts.add(part.toString());
            part.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        boolean _ = closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        boolean _ = closed.complete(LOST);
    }
}
