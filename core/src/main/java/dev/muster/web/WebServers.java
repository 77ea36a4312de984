package dev.muster.web;

import java.util.ServiceLoader;

/// Finds the server on the class path.
public final class WebServers {
    private WebServers() {}

    /// Makes the server of this worker.
    ///
    /// @throws IllegalStateException if none is on the class path
    /// @throws Exception if it cannot be made
    public static WebServer open(WebHost host) throws Exception {
        return ServiceLoader.load(WebServerProvider.class, WebServers.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "server.port is set, and no HTTP server is on the class path; add the Muster jar 'server'"))
                .open(host);
    }
}
