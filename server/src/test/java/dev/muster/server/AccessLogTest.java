package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A line of the log of access says what was sent.
@Timeout(60)
class AccessLogTest {
    private static final class Pages implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            int status = Integer.parseInt(request.path().substring(1));
            response.status(status).end("hello");
        }
    }

    private final Logged log = Logged.by("muster.access");

    @AfterEach
    void stop() {
        log.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void theBytesAreThoseThatWereSent(HttpClient.Version version) throws Exception {
        try (TestHost host = TestHost.of(new Pages(), "server.accessLog=true");
                HttpClient client = HttpClient.newBuilder().version(version).build()) {
            host.serve();
            HttpRequest.Builder request = HttpRequest.newBuilder(host.http("/200"));
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isEqualTo("hello");
            logged("\"GET /200\" 200 5 ");
            client.send(request.HEAD().build(), HttpResponse.BodyHandlers.ofString());
            logged("\"HEAD /200\" 200 0 ");
            for (int status : new int[] {204, 304}) {
                client.send(
                        HttpRequest.newBuilder(host.http("/" + status)).build(), HttpResponse.BodyHandlers.ofString());
                logged("\"GET /" + status + "\" " + status + " 0 ");
            }
        }
    }

    /// Its handler is through before the first byte is sent.
    @Test
    void theBytesOfAnAnswerThatIsYetToBeSentAreCountedToo() throws Exception {
        Routes ahead = (router, _) -> router.get("/200").handler(context -> {
            Thread handler = Thread.currentThread();
            context.vertx().runOnContext(_ -> {
                try {
                    handler.join();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            context.end("hello");
        });
        try (TestHost host = TestHost.of(ahead, "server.accessLog=true");
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            host.serve();
            client.send(HttpRequest.newBuilder(host.http("/200")).build(), HttpResponse.BodyHandlers.ofString());
            logged("\"GET /200\" 200 5 ");
        }
    }

    private void logged(String part) {
        await().until(() -> !log.events.isEmpty());
        assertThat(log.events.remove().getFormattedMessage()).contains(part);
    }
}
