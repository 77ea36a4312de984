package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Handlers that say how long their answers are.
@Timeout(30)
class AnnouncedLengthTest {
    private static final String NEXT = "GET /right HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private final Logged log = Logged.by("dev.muster.server");

    private static final class Pages implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            response.header("Content-Length", request.parameter("length").orElse("5"));
            switch (request.path()) {
                case "/right" -> response.end("right".getBytes(StandardCharsets.UTF_8));
                case "/parts" -> response.write("ri").write("ght").end();
                case "/long" -> response.end("too long");
                case "/longer" -> response.write("right").write("!").end();
                case "/short" -> response.write("no").end();
                case "/nothing" -> {}
                case "/boom" -> {
                    response.header("Content-Encoding", "gzip")
                            .header("Cache-Control", "max-age=60")
                            .header("Content-Security-Policy", "default-src 'self'")
                            .header("Access-Control-Allow-Origin", "https://shop.example");
                    throw new IllegalStateException("boom");
                }
                default -> response.status(304).end();
            }
        }
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static String send(String text) throws Exception {
        try (TestHost host = TestHost.of(new Pages());
                Socket socket = host.connect()) {
            host.serve();
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            try {
                for (int b = socket.getInputStream().read();
                        b >= 0;
                        b = socket.getInputStream().read()) {
                    answer.append((char) b);
                }
            } catch (SocketException _) {
                // A reset ends it too.
            }
            return answer.toString();
        }
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    private boolean logged(String words) {
        return log.events.stream()
                .anyMatch(line -> line.getThrowableProxy() != null
                        && line.getThrowableProxy().getMessage().contains(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/right", "/parts"})
    void whatKeepsToItIsSent(String path) throws Exception {
        String answer = send(get(path) + NEXT);
        assertThat(answer.split("HTTP/1.1 200 OK", -1)).hasSize(3);
        assertThat(answer).doesNotContain("chunked").endsWith("\r\n\r\nright");
        assertThat(log.events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/right"})
    void whatHasNoBodyMaySayWhatItWouldHave(String path) throws Exception {
        String method = path.equals("/right") ? "HEAD" : "GET";
        String answer = send(method + " " + path + "?length=500 HTTP/1.1\r\nHost: x\r\n\r\n" + NEXT);
        assertThat(answer).containsIgnoringCase("content-length: 500").endsWith("\r\n\r\nright");
        assertThat(log.events).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/long, 'the answer has 8 bytes or more, and its Content-Length announces 5'",
        "/nothing, 'the answer ends after 0 bytes, and its Content-Length announces 5'",
        "/right?length=-1, 'the Content-Length of the answer is ''-1'', which is no number of bytes'",
        "/right?length=five, 'the Content-Length of the answer is ''five'', which is no number of bytes'",
    })
    void whatDoesNotIsAnsweredWith500AndTheConnectionGoesOn(String target, String words) throws Exception {
        String answer = send(get(target) + NEXT);
        assertThat(answer)
                .startsWith("HTTP/1.1 500 ")
                .contains("the request failed; its id is ")
                .endsWith("\r\n\r\nright");
        assertThat(logged(words)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"/longer, has 6 bytes or more", "/short, ends after 2 bytes"})
    void whatIsUnderWayIsCut(String path, String words) throws Exception {
        String answer = send(get(path) + NEXT);
        assertThat(answer.split("HTTP/1.1 ", -1)).as("nothing comes behind it").hasSize(2);
        assertThat(answer).doesNotContain("!");
        assertThat(logged(words)).isTrue();
    }

    @Test
    void theAnswerToAFailureHasNoHeaderOfTheBodyThatWasToCome() throws Exception {
        assertThat(send(get("/boom?length=5000") + NEXT))
                .startsWith("HTTP/1.1 500 ")
                .doesNotContain("gzip", "max-age", "5000")
                .contains("default-src 'self'", "https://shop.example")
                .endsWith("\r\n\r\nright");
    }
}
