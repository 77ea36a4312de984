package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.ConnectionInfo;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.web.ConnectionDesk;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketsTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        client.close();
    }

    /// Writes down what it is told.
    private final class Diary implements ServerListener {
        @Override
        public void onOpen(Server server, WebRequest request) {
            told.add("open " + request.path() + " " + request.parameter("user").orElse("-"));
            if (request.path().equals("/refused")) {
                throw new IllegalStateException("not this one");
            }
        }

        @Override
        public void onMessage(Server server, WebMessage message) {
            told.add((message.isText() ? "text " + message.text() : "bytes " + message.data().length));
        }

        @Override
        public void onClose(Server server, long connectionId) {
            told.add("close");
        }
    }

    /// A client that keeps what it gets.
    private static final class Heard implements WebSocket.Listener {
        final Queue<String> texts = new ConcurrentLinkedQueue<>();
        final Queue<Integer> binaries = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder part = new StringBuilder();

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
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            binaries.add(data.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    private WebSocket open(TestHost host, String path, Heard heard) {
        return client.newWebSocketBuilder().buildAsync(host.ws(path), heard).join();
    }

    private static long only(ConnectionDesk desk) {
        await().until(() -> desk.all().size() == 1);
        return desk.all().getFirst();
    }

    @Test
    void eventsComeInTheirOrder() throws Exception {
        try (TestHost host = TestHost.of(new Diary())) {
            host.serve();
            WebSocket socket = open(host, "/chat?user=7", new Heard());
            for (int i = 0; i < 500; i++) {
                socket.sendText("m" + i, true).join();
            }
            socket.sendBinary(ByteBuffer.wrap(new byte[3]), true).join();
            socket.sendClose(1000, "").join();
            await().until(() -> told.contains("close"));
            List<String> expected = new ArrayList<>(List.of("open /chat 7"));
            IntStream.range(0, 500).forEach(i -> expected.add("text m" + i));
            expected.addAll(List.of("bytes 3", "close"));
            assertThat(told).containsExactlyElementsOf(expected);
            await().untilAsserted(() -> assertThat(host.ended.get()).isEqualTo(host.begun.get()));
        }
    }

    /// More messages than may wait, and then the end, before the first of them is over.
    @Test
    void whatWasReadBeforeTheEndIsToldBeforeTheEnd() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ServerListener slow = new ServerListener() {
            @Override
            public void onMessage(Server server, WebMessage message) throws Exception {
                gate.await();
                told.add(message.text());
            }

            @Override
            public void onClose(Server server, long connectionId) {
                told.add("close");
            }
        };
        try (TestHost host = TestHost.of(slow)) {
            VertxServer server = host.serve();
            WebSocket socket = open(host, "/chat?user=7", new Heard());
            for (int i = 0; i < 72; i++) {
                socket.sendText("m" + i, true).join();
            }
            socket.sendClose(1000, "").join();
            await().until(() -> server.connections().all().isEmpty());
            gate.countDown();
            await().until(() -> told.size() == 73);
            assertThat(told).endsWith("m70", "m71", "close");
        }
    }

    @Test
    void whatIsPushedArrives() throws Exception {
        try (TestHost host = TestHost.of(new Diary())) {
            VertxServer server = host.serve();
            Heard heard = new Heard();
            WebSocket _ = open(host, "/", heard);
            ConnectionDesk desk = server.connections();
            long id = only(desk);
            assertThat(desk.push(id, true, "grüße".getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
            String large = "x".repeat(300_000);
            assertThat(desk.push(id, true, large.getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
            assertThat(desk.push(id, false, new byte[5])).isTrue();
            assertThat(desk.broadcast(true, "all".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(1);
            await().until(() -> heard.texts.contains("all"));
            assertThat(heard.texts).containsExactly("grüße", large, "all");
            assertThat(heard.binaries).containsExactly(5);
            assertThat(desk.push(id + 1, true, new byte[0])).isFalse();
        }
    }

    /// A long message is several frames.
    @Test
    void nothingComesBetweenThePartsOfALongMessage() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.maxMessage=4KiB", "server.maxQueued=64MiB")) {
            VertxServer server = host.serve();
            Heard heard = new Heard();
            WebSocket _ = open(host, "/", heard);
            ConnectionDesk desk = server.connections();
            long id = only(desk);
            byte[] large = "l".repeat(100_000).getBytes(StandardCharsets.UTF_8);
            byte[] small = "s".getBytes(StandardCharsets.UTF_8);
            List<Thread> threads = new ArrayList<>();
            for (byte[] data : List.of(large, small)) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 100; i++) {
                        assertThat(desk.push(id, true, data)).isTrue();
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            await().until(() -> heard.texts.size() == 200 || heard.closed.isDone());
            assertThat(heard.texts).hasSize(200).allMatch(text -> text.length() == 1 || text.length() == 100_000);
        }
    }

    @Test
    void aConnectionCanBeBoundLookedAtAndClosed() throws Exception {
        try (TestHost host = TestHost.of(new Diary())) {
            VertxServer server = host.serve();
            Heard heard = new Heard();
            WebSocket _ = open(host, "/chat", heard);
            ConnectionDesk desk = server.connections();
            long id = only(desk);
            assertThat(desk.bind(id, "ada")).isTrue();
            assertThat(desk.of("ada")).containsExactly(id);
            assertThat(desk.of("bob")).isEmpty();
            ConnectionInfo info = desk.info(id).orElseThrow();
            assertThat(info.path()).isEqualTo("/chat");
            assertThat(info.userId()).isEqualTo("ada");
            assertThat(info.slot()).isEqualTo(7);
            assertThat(desk.established(id)).isTrue();
            assertThat(desk.close(id, 4001, "enough")).isTrue();
            assertThat(heard.closed.get()).isEqualTo(4001);
            await().until(() -> desk.all().isEmpty());
            assertThat(desk.established(id)).isFalse();
            assertThat(desk.close(id, 4001, "enough")).isFalse();
            assertThat(desk.bind(id, "ada")).isFalse();
        }
    }

    @Test
    void whatAListenerThrowsAtTheOpeningClosesWith1011() throws Exception {
        try (TestHost host = TestHost.of(new Diary())) {
            host.serve();
            Heard heard = new Heard();
            WebSocket _ = open(host, "/refused", heard);
            assertThat(heard.closed.get()).isEqualTo(1011);
            await().untilAsserted(() -> assertThat(host.failed).hasValue(1));
        }
    }

    @Test
    void aMessageOverTheLimitClosesWith1009() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.maxMessage=1KiB")) {
            host.serve();
            Heard heard = new Heard();
            WebSocket socket = open(host, "/", heard);
            socket.sendText("x".repeat(1 << 10), true).join();
            await().until(() -> told.size() == 2);
            WebSocket _ = socket.sendText("x".repeat((1 << 10) + 1), true).join();
            assertThat(heard.closed.get()).isEqualTo(1009);
        }
    }

    @Test
    void pagesFromElsewhereOpenNoWebSocketUnlessTheyMay() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.origins=https://shop.example")) {
            host.serve();
            assertThatThrownBy(() -> client.newWebSocketBuilder()
                            .header("Origin", "https://evil.example")
                            .buildAsync(host.ws("/"), new Heard())
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
            WebSocket allowed = client.newWebSocketBuilder()
                    .header("Origin", "https://shop.example")
                    .buildAsync(host.ws("/"), new Heard())
                    .join();
            assertThat(allowed.isOutputClosed()).isFalse();
        }
    }

    @Test
    void aSilentClientIsAskedAndThenGivenUp() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.pingInterval=300ms");
                Socket silent = host.connect()) {
            VertxServer server = host.serve();
            WebSocket alive = open(host, "/alive", new Heard());
            host.upgrade(silent, "/silent");
            await().until(() -> server.connections().all().size() == 2);
            await().until(() -> server.connections().all().size() == 1);
            assertThat(told).contains("open /silent -", "close");
            long left = server.connections().all().getFirst();
            assertThat(server.connections().info(left).orElseThrow().path()).isEqualTo("/alive");
            alive.abort();
        }
    }

    @Test
    void aServerThatEndsSaysRestart() throws Exception {
        try (TestHost host = TestHost.of(new Diary(), "server.drainGrace=300ms")) {
            VertxServer server = host.serve();
            List<Heard> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Heard heard = new Heard();
                all.add(heard);
                WebSocket _ = open(host, "/", heard);
            }
            server.drain();
            for (Heard heard : all) {
                assertThat(heard.closed.get()).isEqualTo(1012);
            }
            assertThat(told.stream().filter("close"::equals)).hasSize(20);
        }
    }
}
