package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests of HTTP/1.1 that ask for HTTP/2.
@Timeout(30)
class CleartextUpgradeTest {
    private static final class Echo implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            response.end("got " + request.text());
        }
    }

    private static String send(String text) throws Exception {
        try (TestHost host = TestHost.of(new Echo());
                Socket socket = host.connect()) {
            host.serve();
            socket.setSoTimeout(10_000);
            for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(b);
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
                "Connection: Upgrade\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: !\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\nHTTP2-Settings: AAMAAABk\r\n",
            })
    void whatCannotBeAnUpgradeIsARequestOfHttp1(String fields) throws Exception {
        String answers = send("POST / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nContent-Length: 3\r\n" + fields + "\r\nabc"
                + "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\ndef");
        assertThat(answers).startsWith("HTTP/1.1 200 ").contains("got abc").endsWith("got def");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI", "P", "PRI * HTTP/1.1", "GET"})
    void whatBeginsAsHttp2DoesAndIsNoneIsARequestOfHttp1(String method) throws Exception {
        String line = method.contains(" ") ? method : method + " / HTTP/1.1";
        assertThat(send(line + "\r\nHost: x\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 ");
    }

    @Test
    void whatIsOneBecomesHttp2() throws Exception {
        try (TestHost host = TestHost.of(new Echo());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            host.serve();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(host.http("/"))
                            .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).hasSize(100_004);
        }
    }
}
