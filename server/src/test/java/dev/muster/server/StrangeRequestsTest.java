package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What no decent client sends.
@Timeout(60)
class StrangeRequestsTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private final class Seen implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            seen.add(request.path());
            response.end("seen");
        }
    }

    /// Sends bytes as they are, and reads until the server closes or says nothing more.
    private static String send(TestHost host, String text) throws IOException {
        try (Socket socket = host.connect()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket);
        }
    }

    private static String read(Socket socket) throws IOException {
        socket.setSoTimeout(1_500);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                answer.write(next);
            }
        } catch (SocketTimeoutException _) {
            // It keeps the connection: that is all there is.
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    /// Two ways to read where a request ends are two requests for somebody: none of these may reach the listener
    /// twice.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Content-Length: 5\r\nContent-Length: 40\r\n",
                "Content-Length: 5, 40\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 0x5\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: identity, chunked\r\nContent-Length: 5\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "X: a\r\n Content-Length: 5\r\n",
                "X\0: a\r\n",
            })
    void aRequestWithTwoEndsSmugglesNothing(String headers) throws IOException {
        try (TestHost host = TestHost.of(new Seen())) {
            serve(host);
            String _ = send(host, "POST /first HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n0\r\n\r\n" + SMUGGLED);
            assertThat(seen).as(headers).doesNotContain("/smuggled");
        }
    }

    private static void serve(TestHost host) {
        try {
            VertxServer _ = host.serve();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"uri, 414", "header, 431", "headers, 431"})
    void whatIsTooLargeIsRefused(String what, int status) throws IOException {
        try (TestHost host = TestHost.of(new Seen(), "server.maxHeader=2KiB")) {
            serve(host);
            String large = "x".repeat(3 << 10);
            String text = switch (what) {
                case "uri" -> "GET /" + large + " HTTP/1.1\r\nHost: x\r\n\r\n";
                case "header" -> "GET / HTTP/1.1\r\nHost: x\r\nX: " + large + "\r\n\r\n";
                default -> "GET / HTTP/1.1\r\nHost: x\r\n" + "X: abcdefgh\r\n".repeat(300) + "\r\n";
            };
            assertThat(send(host, text)).contains(" " + status + " ");
            assertThat(seen).isEmpty();
            assertThat(send(host, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
    }

    /// RFC 9112, section 3.2.2: a server must take it, though only proxies are sent it.
    @ParameterizedTest
    @CsvSource({"http://evil/info, /info", "https://evil:8443/a%20b?c, '/a b'", "http://evil, /", "http://evil?c=/d, /"
    })
    void aTargetThatIsAWholeAddressMeansThePathInIt(String target, String path) throws IOException {
        try (TestHost host = TestHost.of(new Seen())) {
            serve(host);
            assertThat(send(host, "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(seen).containsExactly(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\1\2\3\r\n\r\n", "GET\r\n\r\n", "\r\n\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"})
    void noiseEndsItsConnectionOnly(String noise) throws IOException {
        try (TestHost host = TestHost.of(new Seen())) {
            serve(host);
            String _ = send(host, noise);
            assertThat(send(host, "GET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(seen).contains("/after");
        }
    }

    /// One byte now and then keeps no connection for ever.
    @Test
    void aClientThatNeverFinishesItsRequestIsCutOff() throws Exception {
        try (TestHost host = TestHost.of(new Seen(), "server.idleTimeout=1s");
                Socket slow = host.connect()) {
            VertxServer _ = host.serve();
            slow.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> {
                try {
                    slow.getOutputStream().write("X: y\r\n".getBytes(StandardCharsets.US_ASCII));
                    return false;
                } catch (IOException _) {
                    return true;
                }
            });
            assertThat(seen).isEmpty();
        }
    }

    /// From one address and port to two addresses of this machine: the end of one is not that of the other.
    @Test
    void aConnectionIsLookedAfterWhenAnotherOfTheSameAddressEnds() throws Exception {
        try (TestHost host = TestHost.everywhere(new Seen(), "server.idleTimeout=1s");
                Socket first = new Socket();
                Socket second = new Socket()) {
            VertxServer _ = host.serve();
            first.setReuseAddress(true);
            first.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            second.setReuseAddress(true);
            second.bind(first.getLocalSocketAddress());
            first.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), host.port()));
            second.connect(new InetSocketAddress("127.0.0.2", host.port()));
            await().until(() -> host.inside == 2);
            second.shutdownOutput();
            await().until(() -> host.inside == 0);
        }
    }

    @Test
    void aBodyThatDoesNotComeIsAnswered408() throws Exception {
        try (TestHost host = TestHost.of(new Seen(), "server.requestTimeout=500ms");
                Socket slow = host.connect()) {
            VertxServer _ = host.serve();
            slow.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(read(slow)).startsWith("HTTP/1.1 408");
            assertThat(host.begun)
                    .as("the client's slowness is no hang of ours")
                    .hasValue(0);
        }
    }

    /// It waits in the kernel, and the loop looks again and again without turning in circles.
    @Test
    void aConnectionThatIsLeftToAnotherWorkerIsTakenWhenNobodyHasCome() throws Exception {
        try (TestHost host = TestHost.of(new Seen())) {
            host.leaves = true;
            VertxServer _ = host.serve();
            try (Socket client = host.connect()) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(read(client)).as("it waits").isEmpty();
                assertThat(host.inside).isZero();
                int looks = host.left.get();
                assertThat(looks).isBetween(2, 5_000);
                host.leaves = false;
                assertThat(read(client)).startsWith("HTTP/1.1 200");
                assertThat(host.inside).isEqualTo(1);
            }
        }
    }

    /// More connections than allowed wait in the kernel until there is room.
    @Test
    void connectionsBeyondTheLimitWaitForTheirTurn() throws Exception {
        try (TestHost host = TestHost.of(new Seen(), "server.maxConnections=2");
                Socket first = host.connect();
                Socket second = host.connect();
                Socket third = host.connect()) {
            VertxServer _ = host.serve();
            byte[] request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            first.getOutputStream().write(request);
            second.getOutputStream().write(request);
            assertThat(read(first)).startsWith("HTTP/1.1 200");
            assertThat(read(second)).startsWith("HTTP/1.1 200");
            third.getOutputStream().write(request);
            assertThat(read(third)).as("it waits").isEmpty();
            first.shutdownOutput();
            assertThat(read(third)).startsWith("HTTP/1.1 200");
        }
    }
}
