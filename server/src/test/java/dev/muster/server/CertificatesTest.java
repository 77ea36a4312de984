package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CertificatesTest {
    private static final class Hello implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            response.end("hello");
        }
    }

    private record Seen(String subject, String protocol) {}

    private static Seen look(TestHost host) throws Exception {
        try (SSLSocket socket = TestTls.over(host.connect(), "h2", "http/1.1")) {
            socket.startHandshake();
            Certificate first = socket.getSession().getPeerCertificates()[0];
            return new Seen(
                    ((X509Certificate) first).getSubjectX500Principal().getName(), socket.getApplicationProtocol());
        }
    }

    @Test
    void aNewCertificateIsUsedWithoutARestart(@TempDir Path directory) throws Exception {
        TestTls.certificate(directory, "before");
        try (TestHost host = TestHost.of(new Hello(), TestTls.settings(directory));
                Logged log = Logged.by("dev.muster.server")) {
            VertxServer _ = host.serve();
            assertThat(look(host)).isEqualTo(new Seen("CN=before", "h2"));
            TestTls.certificate(directory, "after");
            // The next look sees another time even where times are coarse.
            Files.setLastModifiedTime(
                    directory.resolve("cert.pem"), FileTime.from(Instant.now().plusSeconds(5)));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(look(host)).isEqualTo(new Seen("CN=after", "h2")));
            // What cannot be used changes nothing.
            Files.writeString(directory.resolve("cert.pem"), "no certificate");
            Files.setLastModifiedTime(
                    directory.resolve("cert.pem"), FileTime.from(Instant.now().plusSeconds(50)));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(log.events)
                            .anySatisfy(line -> assertThat(line.getFormattedMessage())
                                    .contains(
                                            directory.resolve("cert.pem").toString(),
                                            directory.resolve("key.pem").toString())
                                    .contains("the one before stays")));
            assertThat(look(host).subject()).isEqualTo("CN=after");
        }
    }
}
