package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CertificatesTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static final class Hello implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            response.end("hello");
        }
    }

    /// Certificate and key as PEM, made with the tool of the JDK.
    private static void certificate(Path directory, String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem(
                directory.resolve("key.pem"),
                "PRIVATE KEY",
                keys.getKey("a", PASSWORD).getEncoded());
        pem(
                directory.resolve("cert.pem"),
                "CERTIFICATE",
                keys.getCertificate("a").getEncoded());
    }

    private static void pem(Path file, String kind, byte[] bytes) throws Exception {
        String text = "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END "
                + kind + "-----\n";
        Path fresh = Files.writeString(file.resolveSibling("fresh"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Trusts whomever, as a client that wants to see the certificate does.
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private record Seen(String subject, String protocol) {}

    private static Seen look(TestHost host) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), host.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            Certificate first = socket.getSession().getPeerCertificates()[0];
            return new Seen(
                    ((X509Certificate) first).getSubjectX500Principal().getName(), socket.getApplicationProtocol());
        }
    }

    @Test
    void aNewCertificateIsUsedWithoutARestart(@TempDir Path directory) throws Exception {
        certificate(directory, "before");
        try (TestHost host = TestHost.of(
                new Hello(),
                "server.tls.certificate=" + directory.resolve("cert.pem"),
                "server.tls.key=" + directory.resolve("key.pem"))) {
            VertxServer _ = host.serve();
            assertThat(look(host)).isEqualTo(new Seen("CN=before", "h2"));
            certificate(directory, "after");
            // The next look sees another time even where times are coarse.
            Files.setLastModifiedTime(
                    directory.resolve("cert.pem"), FileTime.from(Instant.now().plusSeconds(5)));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(look(host)).isEqualTo(new Seen("CN=after", "h2")));
            // What cannot be used changes nothing.
            Files.writeString(directory.resolve("cert.pem"), "no certificate");
            Files.setLastModifiedTime(
                    directory.resolve("cert.pem"), FileTime.from(Instant.now().plusSeconds(50)));
            assertThat(look(host).subject()).isEqualTo("CN=after");
        }
    }
}
