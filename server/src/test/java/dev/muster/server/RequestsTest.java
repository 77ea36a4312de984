package dev.muster.server;

import static java.net.http.HttpRequest.BodyPublishers.ofByteArray;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.NonBlocking;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class RequestsTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        client.close();
    }

    /// Answers by path.
    private class Pages implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) throws Exception {
            switch (request.path()) {
                case "/echo" -> response.end(request.body());
                case "/json" ->
                    response.json(Map.of("name", request.json(Person.class).name()));
                case "/boom" -> throw new IllegalStateException("a secret");
                case "/upstream" -> {
                    try {
                        new JsonMapper().readTree("a secret");
                    } catch (JacksonException e) {
                        throw new IllegalArgumentException("what another server has sent is no JSON", e);
                    }
                }
                case "/deep" -> deep(0);
                case "/wait" -> {
                    gate.await();
                    response.end("waited");
                }
                case "/parts" -> {
                    for (int i = 0; i < 3; i++) {
                        response.write("part " + i + "\n");
                    }
                }
                case "/reuse" -> {
                    byte[] part = new byte[4 << 10];
                    for (int i = 0; i < 64; i++) {
                        Arrays.fill(part, (byte) ('a' + i % 26));
                        response.write(part);
                    }
                }
                case "/flood" -> {
                    byte[] part = new byte[64 << 10];
                    while (response.open()) {
                        response.write(part);
                    }
                }
                case "/events" -> response.event("one\ntwo").event("");
                case "/inject" -> response.header("X", "a\r\nSet-Cookie: b").end();
                case "/nothing" -> {}
                default ->
                    response.status(201)
                            .header("X-Worker", Integer.toString(server.workerId()))
                            .end(request.method() + " " + request.path() + " " + request.query() + " "
                                    + request.parameter("a").orElse("-") + " "
                                    + Thread.currentThread().isVirtual());
            }
        }

        private static int deep(int depth) {
            return depth < 0 ? 0 : 1 + deep(depth + 1);
        }
    }

    @NonBlocking
    private final class Quick extends Pages {}

    private record Person(String name) {}

    private HttpResponse<String> get(TestHost host, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(host.http(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(TestHost host, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(host.http(path)).POST(body).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aListenerSeesTheRequestAndAnswersOnAVirtualThread() throws Exception {
        try (TestHost host = TestHost.of(new Pages())) {
            host.serve();
            HttpResponse<String> answer = get(host, "/a%20b?a=1%26&b=2");
            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo("GET /a b a=1%26&b=2 1& true");
            assertThat(answer.headers().firstValue("X-Worker")).contains("7");
            assertThat(get(host, "/nothing").statusCode()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(host.ended).hasValue(2));
        }
    }

    @Test
    void jsonThatIsNotOfTheClientIsNoFaultOfTheClient() throws Exception {
        try (TestHost host = TestHost.of(new Pages())) {
            host.serve();
            HttpResponse<String> answer = get(host, "/upstream");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("its id is").doesNotContain("JSON");
        }
    }

    @Test
    void whatNeverWaitsRunsOnTheEventLoop() throws Exception {
        try (TestHost host = TestHost.of(new Quick())) {
            host.serve();
            assertThat(get(host, "/").body()).endsWith("false");
            assertThat(get(host, "/parts").statusCode()).as("it would wait").isEqualTo(500);
        }
    }

    @Test
    void bodiesComeWholeAndJsonAsValues() throws Exception {
        try (TestHost host = TestHost.of(new Pages(), "server.maxBody=100KiB")) {
            host.serve();
            byte[] body = "x".repeat(100 << 10).getBytes(StandardCharsets.UTF_8);
            assertThat(post(host, "/echo", ofByteArray(body)).body()).hasSize(body.length);
            assertThat(post(host, "/json", ofString("{\"name\":\"Ada\"}")).body())
                    .isEqualTo("{\"name\":\"Ada\"}");
            HttpResponse<String> wrong = post(host, "/json", ofString("{\"name\":"));
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).contains("not a Person as JSON");
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhetherItIsAnnouncedOrNot() throws Exception {
        try (TestHost host = TestHost.of(new Pages(), "server.maxBody=1KiB")) {
            host.serve();
            byte[] body = new byte[1025];
            assertThat(post(host, "/echo", ofByteArray(body)).statusCode()).isEqualTo(413);
            HttpRequest.BodyPublisher unannounced =
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
            assertThat(post(host, "/echo", unannounced).statusCode()).isEqualTo(413);
            assertThat(host.begun).as("nothing of it reaches the listener").hasValue(0);
        }
    }

    @Test
    void whatAListenerThrowsIsKeptFromTheClient() throws Exception {
        try (TestHost host = TestHost.of(new Pages())) {
            host.serve();
            for (String path : List.of("/boom", "/deep", "/inject")) {
                HttpResponse<String> answer = get(host, path);
                assertThat(answer.statusCode()).as(path).isEqualTo(500);
                assertThat(answer.body()).contains("its id is").doesNotContain("secret", "Exception");
                assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
            }
            assertThat(get(host, "/").statusCode()).isEqualTo(201);
            await().untilAsserted(() -> assertThat(host.failed).hasValue(3));
        }
    }

    @Test
    void theIdThatAProxyGaveIsKept() throws Exception {
        try (TestHost host = TestHost.of(new Pages())) {
            host.serve();
            HttpRequest request = HttpRequest.newBuilder(host.http("/boom"))
                    .header("X-Request-Id", "from-proxy-1")
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("from-proxy-1");
        }
    }

    @Test
    void partsAndEventsAreStreamed() throws Exception {
        try (TestHost host = TestHost.of(new Pages())) {
            host.serve();
            assertThat(get(host, "/parts").body()).isEqualTo("part 0\npart 1\npart 2\n");
            HttpResponse<String> events = get(host, "/events");
            assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
            assertThat(events.body()).isEqualTo("data: one\ndata: two\n\ndata:\n\n");
        }
    }

    /// It knows no chunks: the end of the answer is that of the connection, and no other can follow.
    @Test
    void aStreamInHttp10EndsWithItsConnection() throws Exception {
        try (TestHost host = TestHost.of(new Pages());
                Socket old = host.connect()) {
            host.serve();
            String head = " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
            old.getOutputStream().write(("GET /" + head).getBytes(StandardCharsets.US_ASCII));
            String first = "";
            while (!first.endsWith("true")) {
                first += (char) old.getInputStream().read();
            }
            assertThat(first.toLowerCase(Locale.ROOT)).contains("connection: keep-alive", "content-length: ");
            old.getOutputStream().write(("GET /parts" + head).getBytes(StandardCharsets.US_ASCII));
            old.setSoTimeout(10_000);
            String parts = new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(parts).endsWith("\r\n\r\npart 0\npart 1\npart 2\n");
            assertThat(parts.toLowerCase(Locale.ROOT))
                    .contains("connection: close")
                    .doesNotContain("keep-alive", "chunked");
        }
    }

    @Test
    void aPartMayBeChangedWhenItIsWritten() throws Exception {
        try (TestHost host = TestHost.of(new Pages())) {
            host.serve();
            String body = get(host, "/reuse").body();
            for (int i = 0; i < 64; i++) {
                assertThat(body.substring(i << 12, (i + 1) << 12))
                        .isEqualTo(Character.toString('a' + i % 26).repeat(4 << 10));
            }
        }
    }

    /// Its slowness must not become the hang of a process that serves others.
    @Test
    void aClientThatTakesNothingLosesItsConnection() throws Exception {
        try (TestHost host = TestHost.of(new Pages(), "server.requestTimeout=1s");
                Socket lazy = host.connect()) {
            VertxServer server = host.serve();
            lazy.getOutputStream().write("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().untilAsserted(() -> assertThat(host.begun).hasValue(1));
            await().untilAsserted(() -> assertThat(host.ended).hasValue(1));
            assertThat(get(host, "/").statusCode()).isEqualTo(201);
            await().until(() -> server.busy() == 0);
        }
    }

    @Test
    void moreRequestsThanAllowedAreAnswered503AndTheOthersGoOn() throws Exception {
        try (TestHost host = TestHost.of(new Pages(), "server.maxRequests=2")) {
            host.serve();
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                waiting.add(client.sendAsync(
                        HttpRequest.newBuilder(host.http("/wait")).build(), HttpResponse.BodyHandlers.ofString()));
            }
            await().untilAsserted(() -> assertThat(host.begun).hasValue(2));
            HttpResponse<String> third = get(host, "/");
            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.headers().firstValue("Retry-After")).contains("1");
            gate.countDown();
            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                assertThat(one.get().body()).isEqualTo("waited");
            }
            await().untilAsserted(() -> assertThat(host.ended).hasValue(2));
            assertThat(get(host, "/").statusCode()).isEqualTo(201);
        }
    }

    @Test
    void aProcessWhoseEndIsDecidedTakesNoRequest() throws Exception {
        try (TestHost host = TestHost.of(new Pages())) {
            host.serve();
            host.condemned = true;
            HttpResponse<String> answer = get(host, "/");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Connection")).contains("close");
        }
    }

    @Test
    void http2WithoutTlsIsSpoken() throws Exception {
        try (TestHost host = TestHost.of(new Pages());
                HttpClient second = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            host.serve();
            HttpResponse<String> answer = second.send(
                    HttpRequest.newBuilder(host.http("/echo"))
                            .POST(ofString("hello"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("hello");
        }
    }
}
