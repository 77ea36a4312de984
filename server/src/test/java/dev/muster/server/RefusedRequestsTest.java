package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/// What is refused is refused in one way, with routes and without: the same status, the connection ends, nothing behind
/// it is looked at, and whoever sends it does not write into the log of errors.
@Timeout(60)
class RefusedRequestsTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String POST = "POST /first HTTP/1.1\r\nHost: x\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Logged log = Logged.by(Logger.ROOT_LOGGER_NAME);

    private final class Seen implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            seen.add(request.path());
            response.end("seen");
        }
    }

    private final class Routed implements Routes {
        @Override
        public void routes(Router router, Server server) {
            router.route().handler(context -> {
                seen.add(context.request().path());
                context.end("seen");
            });
        }
    }

    @AfterEach
    void nothingWasAnError() {
        log.close();
        assertThat(log.events).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
    }

    private TestHost host(boolean routed) throws IOException {
        return TestHost.of(routed ? new Routed() : new Seen(), "server.maxBody=1KiB");
    }

    /// Sends bytes as they are, and reads until the server closes.
    private String send(boolean routed, String text) throws Exception {
        try (TestHost host = host(routed);
                Socket socket = host.connect()) {
            host.serve();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket);
        }
    }

    private static String read(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        StringBuilder answer = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                answer.append((char) next);
            }
        } catch (SocketTimeoutException _) {
            answer.append("and the connection stays");
        } catch (SocketException _) {
            // A reset is an end as well.
        }
        return answer.toString();
    }

    private void refused(String answer, int status) {
        Matcher first = STATUS.matcher(answer);
        assertThat(first.lookingAt()).as(answer).isTrue();
        assertThat(first.group(1)).isEqualTo(Integer.toString(status));
        assertThat(first.find()).as("one answer, then the end: " + answer).isFalse();
        assertThat(answer).doesNotContain("the connection stays");
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "xchunked, 400",
        "'chunked, identity', 400",
        "identity, 400",
        "'identity, chunked', 501",
        "'gzip, chunked', 501",
        "'chunked, chunked', 501",
    })
    void aBodyThatIsCodedOtherwiseIsNotTakenForNone(String coding, int status) throws Exception {
        String request = POST + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n" + NEXT;
        refused(send(false, request), status);
        refused(send(true, request), status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /first HTTP/1.1\r\n",
                "GET /first HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
                "GET /first HTTP/1.1\r\nHost: a/b\r\n",
                "GET /first HTTP/1.1\r\nHost: a\r\n: b\r\n",
                "GET /%zz HTTP/1.1\r\nHost: a\r\n",
                "GET /%4 HTTP/1.1\r\nHost: a\r\n",
                "GET /%4?1 HTTP/1.1\r\nHost: a\r\n",
                "GET first HTTP/1.1\r\nHost: a\r\n",
                "GET first?to=http://a/ HTTP/1.1\r\nHost: a\r\n",
                "GET http:///first HTTP/1.1\r\nHost: a\r\n",
                "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n",
            })
    void aHeadThatIsNoneIsRefused(String head) throws Exception {
        refused(send(false, head + "\r\n" + NEXT), 400);
        refused(send(true, head + "\r\n" + NEXT), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nabc\r\n",
                "0x3\r\nabc\r\n",
                "-1\r\nabc\r\n",
                "+3\r\nabc\r\n",
                "80000000\r\nabc\r\n",
                "3\r\nabcX\r\n",
                "3;a\nb\r\nabc\r\n",
            })
    void aChunkThatIsNoneIsRefused(String chunk) throws Exception {
        String request = POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n" + NEXT;
        for (boolean routed : new boolean[] {false, true}) {
            String answer = send(routed, request);
            refused(answer, 400);
            assertThat(answer).contains("Transfer-Encoding");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatIsGoneInTheMiddleOfItsBodyIsNoError(boolean routed) throws Exception {
        try (TestHost host = host(routed)) {
            VertxServer server = host.serve();
            try (Socket socket = host.connect()) {
                socket.getOutputStream()
                        .write((POST + "Content-Length: 9\r\n\r\nabc").getBytes(StandardCharsets.US_ASCII));
                await().until(() -> server.busy() == 1);
            }
            await().until(() -> server.busy() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodyThatIsTooLargeEndsItsConnection(boolean routed) throws Exception {
        String large = "x".repeat(1_025);
        refused(send(routed, POST + "Content-Length: 1025\r\n\r\n" + large + NEXT), 413);
        refused(send(routed, POST + "Transfer-Encoding: chunked\r\n\r\n401\r\n" + large + "\r\n0\r\n\r\n" + NEXT), 413);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyABodyThatIsWantedIsAskedFor(boolean routed) throws Exception {
        refused(send(routed, POST + "Content-Length: 1025\r\nExpect: 100-continue\r\n\r\n"), 413);
        try (TestHost host = host(routed);
                Socket socket = host.connect()) {
            host.serve();
            socket.getOutputStream()
                    .write((POST + "Connection: close\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String interim = "HTTP/1.1 100 Continue\r\n\r\n";
            socket.setSoTimeout(10_000);
            byte[] asked = socket.getInputStream().readNBytes(interim.length());
            assertThat(new String(asked, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100 ");
            socket.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
            assertThat(read(socket)).contains("HTTP/1.1 200 ").doesNotContain(" 100 ");
        }
        assertThat(seen).containsExactly("/first");
    }
}
