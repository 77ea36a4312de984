package dev.muster.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.os.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients of every manner, over real sockets.
@Timeout(60)
class ProbeServerTest {
    private final List<Socket> open = new ArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile String body = "yes";
    private ProbeServer server;
    private int port;

    @BeforeEach
    void serve() throws IOException {
        ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
        server = new ProbeServer(listening, target -> ProbeAnswer.text(200, body + " " + target));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                server.serve();
                ended.complete(null);
            } catch (IOException | RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        server.end();
        ended.get();
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        open.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String ask(String request) throws IOException {
        Socket socket = connect();
        send(socket, request);
        return answer(socket);
    }

    @Test
    void answersOneRequestAConnection() throws IOException {
        assertThat(ask("GET /livez?verbose HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 19\r\n")
                .contains("\r\nConnection: close\r\n")
                .endsWith("\r\n\r\nyes /livez?verbose\n");
        assertThat(ask("GET / HTTP/1.0\n\n")).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        assertThat(ask("HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\n"))
                .contains("Content-Length: 11")
                .endsWith("\r\n\r\n");
    }

    @Test
    void takesARequestThatComesByteByByte() throws IOException {
        Socket socket = connect();
        socket.setTcpNoDelay(true);
        for (char c : "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".toCharArray()) {
            send(socket, String.valueOf(c));
        }
        assertThat(answer(socket)).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void theAnswerIsNotLostWithABodyThatNobodyAskedFor() throws IOException {
        assertThat(ask("GET /livez HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000)))
                .startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void refusesWhatIsNoProbe() throws IOException {
        assertThat(ask("POST /livez HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .contains("\r\nAllow: GET, HEAD\r\n");
        assertThat(ask("\u0016\u0003\u0001 tls\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(ask("GET http://a/ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(ask("GET /livez\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @Test
    void aHeadHasALimit() throws IOException {
        assertThat(ask("GET /livez HTTP/1.1\r\nX: " + "x".repeat(4_200)))
                .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
    }

    @Test
    void manySilentClientsKeepNoProbeOut() throws IOException {
        for (int i = 0; i < 4 * ProbeServer.MOST; i++) {
            Socket socket = connect();
            send(socket, "GET /livez HT");
        }
        assertThat(ask("GET /livez HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
        assertThat(open.getFirst().getInputStream().read())
                .as("the oldest has made room")
                .isEqualTo(-1);
    }

    @Test
    void aSilentClientIsCutOff() throws IOException {
        Socket socket = connect();
        send(socket, "GET /livez HT");
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aClientThatDoesNotReadDisturbsNobody() throws IOException {
        body = "y".repeat(8 << 20);
        Socket lazy = connect();
        send(lazy, "GET /livez HTTP/1.1\r\n\r\n");
        body = "yes";
        Socket other = connect();
        send(other, "GET /livez HTTP/1.1\r\n\r\n");
        assertThat(answer(other)).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void theEndClosesThePort() throws Exception {
        assertThat(ask("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK");

        server.end();
        ended.get();

        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        assertThatThrownBy(() -> ProbePort.open("127.0.0.1", port, 812))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1 port " + port)
                .hasMessageContaining("health.port");
    }

    @Test
    void aPortThatNeverAnswersIsTakenToo() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> ProbePort.open("127.0.0.1", mute.getLocalPort(), 812))
                    .hasMessageContaining("port " + mute.getLocalPort());
        }
    }

    @Test
    void anAddressThatIsNoneIsNamed() {
        assertThatThrownBy(() -> ProbePort.open("no.such.host.invalid", port, 812))
                .hasMessageContaining("health.host = no.such.host.invalid");
    }

    @Test
    void aReplacementSharesThePortWithItsPredecessor() throws Exception {
        ServerSocketChannel first = ProbePort.open("127.0.0.1", FreePort.any(), 812);
        int shared = ((InetSocketAddress) first.getLocalAddress()).getPort();
        try (ProbeServer predecessor =
                new ProbeServer(first, _ -> ProbeAnswer.json(200, "{\"masterPid\":812,\"uptimeMs\":1}"))) {
            CompletableFuture<Void> over = CompletableFuture.runAsync(() -> {
                try {
                    predecessor.serve();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> ProbePort.open("127.0.0.1", shared, 813))
                    .as("that of another master")
                    .hasMessageContaining("port " + shared);

            ProbePort.open("127.0.0.1", shared, 812).close();

            predecessor.end();
            await().atMost(Duration.ofSeconds(20)).until(over::isDone);
        }
    }
}
