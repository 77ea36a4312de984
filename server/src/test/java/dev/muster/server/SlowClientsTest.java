package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that take their answers slowly, but do: none is cut, however long all of it takes.
@Timeout(60)
class SlowClientsTest {
    /// More than the buffers of the kernel hold, so that the rest waits here.
    private static final int LARGE = 24 << 20;

    private static final int STEP = 1 << 20;
    private static final int STEPS = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

    private static final class Generous implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            byte[] answer = new byte[LARGE];
            if (request.path().equals("/whole")) {
                response.end(answer);
            } else {
                response.header("Content-Length", Integer.toString(LARGE)).write(answer);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/whole", "/part"})
    void haveAllOfTheirAnswer(String path) throws Exception {
        try (TestHost host = TestHost.of(new Generous(), "server.idleTimeout=2s", "server.requestTimeout=2s");
                Socket slow = new Socket()) {
            host.serve();
            slow.setReceiveBufferSize(64 << 10);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), host.port()));
            slow.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = slow.getInputStream();
            long taken = 0;
            for (int step = 0; step < STEPS; step++) {
                long now = System.nanoTime();
                await().until(() -> System.nanoTime() - now > PAUSE);
                taken += in.readNBytes(STEP).length;
            }
            byte[] rest = in.readAllBytes();
            assertThat(taken + rest.length).isGreaterThan(LARGE);
            assertThat(host.failed).hasValue(0);
        }
    }
}
