package dev.muster.server;

import dev.muster.config.Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate of the server, read anew when its file changes: connections that are made then get the new one.
///
/// **Failure:** a file that cannot be read or used is logged, and the certificate before stays.
final class Certificates {
    private static final Logger LOG = LoggerFactory.getLogger("dev.muster.server");

    private final Settings settings;
    private final HttpServer server;
    private List<FileTime> seen;

    Certificates(Settings settings, HttpServer server) {
        this.settings = settings;
        this.server = server;
        seen = changed();
    }

    static boolean wanted(Settings settings) {
        return !settings.text("server.tls.certificate").isEmpty();
    }

    static PemKeyCertOptions pem(Settings settings) {
        return new PemKeyCertOptions()
                .setCertPath(settings.text("server.tls.certificate"))
                .setKeyPath(settings.text("server.tls.key"));
    }

    private static List<String> protocols(Settings settings) {
        return settings.flag("server.http2") ? List.of("h2", "http/1.1") : List.of("http/1.1");
    }

    /// Looks whether the file has changed. On the event loop.
    void look() {
        List<FileTime> now = changed();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        ServerSSLOptions options = new ServerSSLOptions();
        options.setKeyCertOptions(pem(settings)).setApplicationLayerProtocols(protocols(settings));
        // The names of the files are the same: without force Vert.x sees no reason to read them.
        server.updateSSLOptions(options, true)
                .onSuccess(_ -> LOG.info("the certificate {} was read anew", settings.text("server.tls.certificate")))
                .onFailure(e -> LOG.error(
                        "the new certificate {} cannot be used with the key {}: {}; the one before stays. Write both of"
                                + " one pair as PEM, the key without a password; muster check says what is wrong",
                        settings.text("server.tls.certificate"),
                        settings.text("server.tls.key"),
                        e.getMessage()));
    }

    private List<FileTime> changed() {
        try {
            FileTime certificate = Files.getLastModifiedTime(Path.of(settings.text("server.tls.certificate")));
            FileTime key = Files.getLastModifiedTime(Path.of(settings.text("server.tls.key")));
            return List.of(certificate, key);
        } catch (IOException _) {
            // It is being replaced, perhaps: the next look sees it.
            return List.of();
        }
    }
}
