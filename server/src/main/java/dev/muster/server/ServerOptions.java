package dev.muster.server;

import dev.muster.config.Settings;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The options of the HTTP server, as `server.*` in the configuration gives them.
final class ServerOptions {
    private static final int CLOSING_SECONDS = 2;
    private static final long STREAMS = 100;

    private ServerOptions() {}

    /// @param sockets whether there are WebSockets: what only they need would cost each request something
    static HttpServerOptions of(Settings settings, boolean sockets) {
        boolean deflate = settings.flag("server.deflate") && sockets;
        boolean http2 = settings.flag("server.http2");
        int header = (int) settings.bytes("server.maxHeader");
        int message = (int) settings.bytes("server.maxMessage");
        int body = (int) Math.min(settings.bytes("server.maxBody"), Integer.MAX_VALUE);
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(header)
                .setMaxHeaderSize(header)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                // A silent WebSocket is no silent client: those are looked after one by one.
                .setIdleTimeout(0)
                .setCompressionSupported(settings.flag("server.compress"))
                .setPerMessageWebSocketCompressionSupported(deflate)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(message)
                .setMaxWebSocketMessageSize(message)
                .setWebSocketClosingTimeout(CLOSING_SECONDS)
                .setHttp2ClearTextEnabled(http2)
                .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(STREAMS).setMaxHeaderListSize(header))
                // A form is bounded as any body is; what is no form may be called one, as curl does.
                .setMaxFormAttributeSize(body)
                .setMaxFormBufferedBytes(body)
                .setTcpNoDelay(true);
        String protocols = settings.text("server.subProtocols");
        if (!protocols.isEmpty()) {
            options.setWebSocketSubProtocols(Arrays.asList(protocols.split(",", -1)));
        }
        if (Certificates.wanted(settings)) {
            options.setSsl(true)
                    .setUseAlpn(http2)
                    .setAlpnVersions(
                            http2 ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1) : List.of(HttpVersion.HTTP_1_1))
                    .setKeyCertOptions(Certificates.pem(settings));
        }
        return options;
    }
}
