package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.muster.NonBlocking;
import dev.muster.Server;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RoutesTest {
    private static final int LARGE = 32 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
    }

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private volatile BooleanSupplier ticking = () -> false;

    private class Orders implements Routes {
        @Override
        public void routes(Router router, Server server) {
            router.get("/orders/:id")
                    .handler(context -> context.end(context.pathParam("id") + " "
                            + Thread.currentThread().isVirtual()));
            router.post("/orders")
                    .handler(context -> context.end("got " + context.body().asString()));
            router.get("/boom").handler(_ -> {
                throw new IllegalStateException("a secret");
            });
            router.get("/ends").handler(context -> {
                context.addEndHandler(_ -> told.add("context"));
                context.response().endHandler(_ -> told.add("response"));
                context.end("ends");
            });
            router.get("/large").handler(context -> context.response().end(Buffer.buffer(new byte[LARGE])));
            router.get("/round").handler(context -> context.reroute("/orders/again"));
            router.get("/forbidden").handler(context -> context.fail(403, new IllegalStateException("a secret")));
            router.post("/enough").handler(context -> context.fail(413));
            router.post("/never").handler(_ -> {});
            router.get("/ticks").handler(context -> {
                context.response().setChunked(true);
                ticks(context.response());
                context.end();
            });
            router.get("/later").handler(context -> context.vertx().setTimer(50, _ -> context.end("later")));
        }

        private void ticks(HttpServerResponse response) {
            while (ticking.getAsBoolean()) {
                response.write("tick\n").await();
            }
        }

        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            response.end("unrouted " + request.path() + " " + request.text());
        }
    }

    @NonBlocking
    private final class QuickOrders extends Orders {}

    private String send(HttpRequest.Builder request, int status) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private HttpRequest.Builder to(TestHost host, String path) {
        return HttpRequest.newBuilder(host.http(path));
    }

    @Test
    void theRouterOfVertxRoutesOnVirtualThreads() throws Exception {
        try (TestHost host = TestHost.of(new Orders(), "server.maxBody=1KiB")) {
            host.serve();
            assertThat(send(to(host, "/orders/17"), 200)).isEqualTo("17 true");
            assertThat(send(to(host, "/orders").POST(HttpRequest.BodyPublishers.ofString("two")), 200))
                    .isEqualTo("got two");
            assertThat(send(to(host, "/later"), 200)).isEqualTo("later");
            send(to(host, "/orders").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1025])), 413);
            assertThat(send(to(host, "/boom"), 500)).contains("its id is").doesNotContain("secret");
            assertThat(send(to(host, "/else").POST(HttpRequest.BodyPublishers.ofString("x")), 200))
                    .isEqualTo("unrouted /else x");
            await().untilAsserted(() -> assertThat(host.ended.get()).isEqualTo(host.begun.get()));
        }
    }

    /// The handlers of Vert.x for CORS, CSRF and tokens do it so.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRouteThatRefusesAndSaysWhyIsNoFailure(boolean quick) throws Exception {
        try (TestHost host = TestHost.of(quick ? new QuickOrders() : new Orders());
                Logged log = Logged.by("dev.muster.server")) {
            host.serve();
            assertThat(send(to(host, "/forbidden"), 403)).isEqualTo("Forbidden\n");
            await().untilAsserted(() -> assertThat(host.ended.get()).isEqualTo(host.begun.get()));
            assertThat(host.failed).hasValue(0);
            assertThat(log.events).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
        }
    }

    /// The request was read to its end, so what comes behind it is one.
    @Test
    void aRouteThatFindsABodyTooLargeDoesNotEndItsConnection() throws Exception {
        try (TestHost host = TestHost.of(new Orders());
                Socket client = host.connect()) {
            host.serve();
            client.setSoTimeout(10_000);
            client.getOutputStream()
                    .write(("POST /enough HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                                    + "GET /orders/17 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answers = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answers).startsWith("HTTP/1.1 413 ").endsWith("\r\n\r\n17 true");
        }
    }

    /// On the event loop nothing else would notice that its answer never comes.
    @Test
    void aRouteThatDoesNotWaitIsWatchedAlsoWhenItsRequestHasABody() throws Exception {
        try (TestHost host = TestHost.of(new QuickOrders());
                Socket client = host.connect();
                Http2Line line = new Http2Line(host.connect())) {
            host.serve();
            client.getOutputStream()
                    .write("POST /never HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
            await().untilAsserted(() -> assertThat(host.begun).hasValue(1));
            line.frame(Http2Line.HEADERS, Http2Line.END_STREAM | Http2Line.END_HEADERS, 1, Http2Line.GET);
            assertThat(line.next(Http2Line.DATA).payload()).asString().startsWith("unrouted");
            assertThat(host.begun).hasValue(2);
            assertThat(host.ended.get()).isEqualTo(1);
        }
    }

    @Test
    void aRouteThatStreamsHasAllItsTimeWithEachPart() throws Exception {
        try (TestHost host = TestHost.of(new Orders())) {
            host.serve();
            ticking = () -> host.extended.get() < 2;
            assertThat(send(to(host, "/ticks"), 200)).startsWith("tick\n");
            assertThat(host.extended.get()).isGreaterThanOrEqualTo(2);
        }
    }

    /// Vert.x has one handler for the end of an answer; the application's must not push ours out.
    @Test
    void anApplicationMayHaveEndHandlersOfItsOwn() throws Exception {
        try (TestHost host = TestHost.of(new Orders())) {
            VertxServer server = host.serve();
            assertThat(send(to(host, "/ends"), 200)).isEqualTo("ends");
            assertThat(send(to(host, "/round"), 200)).isEqualTo("again true");
            await().until(() -> server.busy() == 0);
            assertThat(told).contains("response");
            assertThat(host.ended.get()).isEqualTo(host.begun.get());
        }
    }

    /// Goes on when there is nobody any more whom it could answer.
    @NonBlocking
    private final class Late implements Routes {
        @Override
        public void routes(Router router, Server server) {
            router.get("/gone").handler(context -> {
                context.vertx().setPeriodic(10, timer -> {
                    if (context.response().closed()) {
                        context.vertx().cancelTimer(timer);
                        context.next();
                    }
                });
            });
            router.get("/answered").handler(context -> context.end("answered").onComplete(_ -> context.next()));
        }

        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            told.add("gone on");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gone", "/answered"})
    void aRequestThatGoesOnAfterItsEndIsCountedToItsEnd(String path) throws Exception {
        try (TestHost host = TestHost.of(new Late(), "server.accessLog=true");
                Logged log = Logged.by("muster.access")) {
            VertxServer server = host.serve();
            try (Socket impatient = host.connect()) {
                impatient
                        .getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                await().until(() -> host.begun.get() > 0);
            }
            await().until(() -> told.contains("gone on"));
            await().untilAsserted(() -> assertThat(server.busy()).isZero());
            assertThat(host.begun).as("on the event loop, and after its end").hasValue(2);
            assertThat(host.ended).hasValue(2);
            assertThat(log.events).hasSize(1);
        }
    }

    @Test
    void anAnswerThatWaitsForItsClientIsNoHang() throws Exception {
        try (TestHost host = TestHost.of(new Orders());
                Socket lazy = host.connect()) {
            host.serve();
            lazy.getOutputStream().write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().untilAsserted(() -> assertThat(host.begun).hasValue(1));
            await().untilAsserted(() -> assertThat(host.ended).hasValue(1));
        }
    }

    @Test
    void aBodyThatDoesNotComeIsAnswered408() throws Exception {
        try (TestHost host = TestHost.of(new Orders(), "server.requestTimeout=500ms");
                Socket slow = host.connect()) {
            VertxServer server = host.serve();
            slow.getOutputStream()
                    .write("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = slow.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
            await().until(() -> server.busy() == 0);
            assertThat(host.begun)
                    .as("the client's slowness is no hang of ours")
                    .hasValue(0);
        }
    }

    /// What is left of the request is not read, so nothing else can come on its connection.
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n401\r\n"})
    void aBodyOverTheLimitEndsItsConnection(String headers) throws Exception {
        try (TestHost host = TestHost.of(new Orders(), "server.maxBody=1KiB");
                Socket large = host.connect()) {
            host.serve();
            String request = "POST /orders HTTP/1.1\r\nHost: x\r\n" + headers + "x".repeat(1025);
            large.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            large.setSoTimeout(10_000);
            String answer = new String(large.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
        }
    }

    /// As curl sends with `-d` whatever it is.
    @Test
    void aBodyThatIsCalledAFormIsReadAsItIs() throws Exception {
        try (TestHost host = TestHost.of(new Orders())) {
            host.serve();
            String large = "{\"text\":\"" + "x".repeat(100_000) + "\"}";
            assertThat(send(form(to(host, "/orders"), large), 200)).isEqualTo("got " + large);
            assertThat(send(form(to(host, "/orders"), "a=%"), 400)).startsWith("the body is not");
            await().untilAsserted(() -> assertThat(host.ended.get()).isEqualTo(host.begun.get()));
        }
    }

    private static HttpRequest.Builder form(HttpRequest.Builder request, String body) {
        return request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void aStreamInHttp10EndsWithItsConnection() throws Exception {
        Routes one = (router, _) -> router.get("/parts").handler(context -> {
            var _ = context.response().setChunked(true).write("part 0\n");
            context.response().end("part 1\n");
        });
        try (TestHost host = TestHost.of(one);
                Socket old = host.connect()) {
            host.serve();
            old.getOutputStream()
                    .write("GET /parts HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            old.setSoTimeout(10_000);
            String parts = new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(parts).endsWith("\r\n\r\npart 0\npart 1\n").doesNotContain("keep-alive");
        }
    }

    @Test
    void routesThatNeverWaitRunOnTheEventLoop() throws Exception {
        try (TestHost host = TestHost.of(new QuickOrders())) {
            host.serve();
            assertThat(send(to(host, "/orders/17"), 200)).isEqualTo("17 false");
            await().untilAsserted(() -> assertThat(host.ended.get()).isEqualTo(host.begun.get()));
        }
    }

    @Test
    void withoutAListenerVertxSaysWhatIsNotThere() throws Exception {
        Routes one = (router, _) -> router.get("/a").handler(context -> context.end("a"));
        try (TestHost host = TestHost.of(one)) {
            host.serve();
            assertThat(send(to(host, "/a"), 200)).isEqualTo("a");
            String _ = send(to(host, "/a").POST(HttpRequest.BodyPublishers.noBody()), 405);
            String _ = send(to(host, "/none"), 404);
            await().untilAsserted(() -> assertThat(host.ended.get()).isEqualTo(host.begun.get()));
        }
    }
}
