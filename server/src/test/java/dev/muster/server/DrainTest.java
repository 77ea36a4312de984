package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that end while others go on, on one socket.
@Timeout(120)
class DrainTest {
    private static final int ROUNDS = 20;
    private static final int CLIENTS = 8;

    private final Set<String> ledger = ConcurrentHashMap.newKeySet();

    /// Writes each id down, then answers.
    private final class Ledger implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            assertThat(ledger.add(request.text())).as("once").isTrue();
            response.end("kept " + request.text());
        }
    }

    /// Clients that keep their connections post without pause while servers come and go; HTTP/2 ones among them.
    @Test
    void aServerThatEndsFailsNoRequest() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Set<String> failures = ConcurrentHashMap.newKeySet();
        try (TestHost host = TestHost.of(new Ledger(), "server.drainGrace=500ms")) {
            VertxServer present = host.serve();
            Thread[] threads = new Thread[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                HttpClient.Version version = i % 4 == 3 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
                threads[i] = Thread.ofPlatform().start(() -> {
                    try (HttpClient client =
                            HttpClient.newBuilder().version(version).build()) {
                        for (int n = 0; !over.get(); n++) {
                            String id = number + "-" + n;
                            try {
                                post(client, host, id);
                                answered.incrementAndGet();
                            } catch (IOException | InterruptedException | AssertionError e) {
                                failures.add(version + " " + id + " " + e);
                            }
                        }
                    }
                });
            }
            for (int round = 0; round < ROUNDS; round++) {
                int before = answered.get();
                VertxServer next = host.serve();
                present.drain();
                present.close();
                present = next;
                await().untilAsserted(() -> assertThat(answered.get()).isGreaterThan(before + CLIENTS));
            }
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(ledger).hasSize(answered.get());
        }
    }

    private static void post(HttpClient client, TestHost host, String id) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(host.http("/"))
                        .POST(HttpRequest.BodyPublishers.ofString(id))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("kept " + id);
    }

    /// An answer that was given is not yet one that was taken.
    @Test
    void aSlowClientGetsAllOfItsAnswerThoughTheGraceIsOver() throws Exception {
        byte[] large = new byte[16 << 20];
        ServerListener generous = new ServerListener() {
            @Override
            public void onRequest(Server server, WebRequest request, WebResponse response) {
                response.end(large);
            }
        };
        try (TestHost host = TestHost.of(generous, "server.drainGrace=100ms");
                Socket slow = host.connect()) {
            VertxServer server = host.serve();
            slow.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().untilAsserted(() -> assertThat(host.ended).hasValue(1));
            Thread drain = draining(server);
            long begun = System.nanoTime();
            await().until(() -> System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(1));
            byte[] head = slow.getInputStream().readNBytes(large.length);
            assertThat(head).hasSize(large.length);
            slow.shutdownOutput();
            drain.join();
        }
    }

    /// In HTTP/2 what waits for its client waits in its stream, not in the connection.
    @Test
    void aSlowClientOfHttp2GetsAllOfTheAnswerOfARoute() throws Exception {
        Routes hello = (router, _) -> router.get("/").handler(context -> context.end("hello"));
        try (TestHost host = TestHost.of(hello, "server.drainGrace=100ms");
                Http2Line slow = new Http2Line(host.connect())) {
            VertxServer server = host.serve();
            // SETTINGS_INITIAL_WINDOW_SIZE 1
            slow.frame(Http2Line.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 1});
            slow.frame(Http2Line.HEADERS, Http2Line.END_STREAM | Http2Line.END_HEADERS, 1, Http2Line.GET);
            assertThat(slow.next(Http2Line.DATA).payload()).asString().isEqualTo("h");
            Thread drain = draining(server);
            long begun = System.nanoTime();
            await().until(() -> System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(2));
            slow.frame(Http2Line.WINDOW_UPDATE, 0, 1, new byte[] {0, 0, 1, 0});
            assertThat(slow.next(Http2Line.DATA).payload()).asString().isEqualTo("ello");
            drain.join();
        }
    }

    /// Says that a request has come, and answers it when it may.
    private static final class Gated implements ServerListener {
        final CountDownLatch arrived = new CountDownLatch(1);
        final CountDownLatch gate = new CountDownLatch(1);

        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) throws InterruptedException {
            arrived.countDown();
            gate.await();
            response.end("done");
        }
    }

    @Test
    void whatIsUnderWayIsAnsweredBeforeTheServerEnds() throws Exception {
        Gated slow = new Gated();
        try (TestHost host = TestHost.of(slow, "server.drainGrace=100ms");
                HttpClient client = HttpClient.newHttpClient()) {
            VertxServer server = host.serve();
            var answer = client.sendAsync(
                    HttpRequest.newBuilder(host.http("/")).build(), HttpResponse.BodyHandlers.ofString());
            slow.arrived.await();
            CountDownLatch drained = new CountDownLatch(1);
            Thread drain = Thread.ofPlatform().start(() -> {
                try {
                    server.drain();
                    drained.countDown();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            await().until(() -> drain.getState() == Thread.State.TIMED_WAITING);
            assertThat(drained.getCount()).isEqualTo(1);
            slow.gate.countDown();
            assertThat(answer.get().body()).isEqualTo("done");
            drained.await();
        }
    }

    /// Its client would send the next one on a connection that is about to end.
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
    void theAnswerToWhatWasUnderWaySaysThatItIsTheLast(String version) throws Exception {
        Gated slow = new Gated();
        try (TestHost host = TestHost.of(slow, "server.drainGrace=100ms");
                Socket client = host.connect()) {
            VertxServer server = host.serve();
            client.getOutputStream()
                    .write(("GET / " + version + "\r\nHost: x\r\nConnection: keep-alive\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            slow.arrived.await();
            Thread drain = draining(server);
            slow.gate.countDown();
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).containsIgnoringCase("connection: close").endsWith("done");
            drain.join();
        }
    }

    /// It could not be told: its head was sent before.
    @Test
    void whoseAnswerHadBegunHasTheGraceForTheNextRequest() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ServerListener streaming = new ServerListener() {
            @Override
            public void onRequest(Server server, WebRequest request, WebResponse response) throws InterruptedException {
                response.write("begun");
                gate.await();
                response.end("done");
            }
        };
        try (TestHost host = TestHost.of(streaming, "server.drainGrace=1s");
                Socket client = host.connect()) {
            VertxServer server = host.serve();
            byte[] get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            client.getOutputStream().write(get);
            readTo(client, "begun");
            long begun = System.nanoTime();
            Thread drain = draining(server);
            await().until(() -> System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(1_500));
            gate.countDown();
            readTo(client, "done\r\n0\r\n\r\n");
            client.getOutputStream().write(get);
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            drain.join();
        }
    }

    private static void readTo(Socket client, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int b = client.getInputStream().read();
            assertThat(b).as("after %s", read).isNotNegative();
            read.append((char) b);
        }
    }

    /// The thread that accepts is past its look at the door, and nobody knows of the connection yet.
    @Test
    void aConnectionThatIsAcceptedInTheInstantOfTheEndHasItsAnswer() throws Exception {
        CountDownLatch accepting = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (TestHost host = TestHost.of(new Ledger())) {
            host.beforeAccept = () -> {
                accepting.countDown();
                try {
                    gate.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            };
            VertxServer server = host.serve();
            try (Socket late = host.connect()) {
                late.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                accepting.await();
                Thread drain = draining(server);
                gate.countDown();
                String answer = new String(late.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
                drain.join();
            }
        }
    }

    /// Who had connected, but not yet agreed on keys, when the others were told to go.
    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void aHandshakeThatIsUnderWayWhenTheServerEndsStillHasItsAnswer(String protocol, @TempDir Path directory)
            throws Exception {
        TestTls.certificate(directory, "test");
        try (TestHost host = TestHost.of(new Ledger(), TestTls.settings(directory));
                Socket plain = host.connect()) {
            VertxServer server = host.serve();
            await().until(() -> host.inside == 1);
            Thread drain = draining(server);
            SSLSocket socket = TestTls.over(plain, protocol);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo(protocol);
            if (protocol.equals("h2")) {
                Http2Line line = new Http2Line(socket);
                line.frame(Http2Line.HEADERS, Http2Line.END_STREAM | Http2Line.END_HEADERS, 1, Http2Line.GET);
                assertThat(line.next(Http2Line.HEADERS).ok()).isTrue();
                assertThat(line.next(Http2Line.GOAWAY).error()).isZero();
            } else {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            }
            drain.join();
        }
    }

    /// Its client has not read the GOAWAY yet, or sends what it had begun: it is answered, and not refused.
    @Test
    void aRequestThatCrossesTheGoawayIsAnsweredAfterALongSilenceToo() throws Exception {
        try (TestHost host = TestHost.of(new Ledger(), "server.drainGrace=1s");
                Http2Line line = new Http2Line(host.connect())) {
            VertxServer server = host.serve();
            line.frame(Http2Line.PING, 0, 0, new byte[8]);
            assertThat(line.next(Http2Line.PING).payload()).hasSize(8);
            long silent = System.nanoTime();
            await().until(() -> System.nanoTime() - silent > TimeUnit.MILLISECONDS.toNanos(1_100));
            Thread drain = draining(server);
            assertThat(line.next(Http2Line.GOAWAY).error()).isZero();
            line.frame(Http2Line.HEADERS, Http2Line.END_STREAM | Http2Line.END_HEADERS, 1, Http2Line.GET);
            assertThat(line.next(Http2Line.HEADERS).ok()).isTrue();
            drain.join();
        }
    }

    /// Its client tries again, and finds another worker.
    @Test
    void aWebSocketThatIsAskedForWhileTheServerEndsIsRefused() throws Exception {
        ServerListener sockets = new ServerListener() {
            @Override
            public void onMessage(Server server, WebMessage message) {
                // That there may be messages is all.
            }
        };
        try (TestHost host = TestHost.of(sockets);
                Socket late = host.connect()) {
            VertxServer server = host.serve();
            await().until(() -> host.inside == 1);
            Thread drain = draining(server);
            host.upgrade(late, "/");
            String answer = new String(late.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer)
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("connection: close")
                    .containsIgnoringCase("retry-after: 1");
            drain.join();
        }
    }

    /// A server that has begun to end.
    private static Thread draining(VertxServer server) {
        Thread drain = Thread.ofPlatform().start(() -> {
            try {
                server.drain();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> drain.getState() == Thread.State.TIMED_WAITING);
        return drain;
    }
}
