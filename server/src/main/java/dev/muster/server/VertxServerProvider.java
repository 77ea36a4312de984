package dev.muster.server;

import dev.muster.web.WebHost;
import dev.muster.web.WebServer;
import dev.muster.web.WebServerProvider;

/// Makes the server of a web worker with Vert.x.
public final class VertxServerProvider implements WebServerProvider {
    /// For `ServiceLoader`.
    public VertxServerProvider() {}

    @Override
    public WebServer open(WebHost host) throws Exception {
        return VertxServer.open(host);
    }

    @Override
    public boolean fallback() {
        return true;
    }
}
