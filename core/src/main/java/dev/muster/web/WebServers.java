package dev.muster.web;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/// Finds the server on the class path: the one that the application brings, else Muster's own.
public final class WebServers {
    private WebServers() {}

    /// Makes the server of this worker.
    ///
    /// @throws IllegalStateException if none is on the class path, or the application brings more than one
    /// @throws Exception if it cannot be made
    public static WebServer open(WebHost host) throws Exception {
        return choose(WebServers.class.getClassLoader()).open(host);
    }

    static WebServerProvider choose(ClassLoader loader) {
        List<WebServerProvider> own = new ArrayList<>();
        List<WebServerProvider> fallbacks = new ArrayList<>();
        try {
            for (WebServerProvider provider : ServiceLoader.load(WebServerProvider.class, loader)) {
                (provider.fallback() ? fallbacks : own).add(provider);
            }
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException("a file " + service() + " names a server that cannot be made: " + e, e);
        }
        if (own.size() > 1) {
            throw new IllegalStateException("the application brings more than one HTTP server: "
                    + String.join(
                            ", ",
                            own.stream()
                                    .map(server -> server.getClass().getName())
                                    .toList())
                    + "; leave one jar out, or take its line out of " + service());
        }
        own.addAll(fallbacks);
        if (own.isEmpty()) {
            throw new IllegalStateException("server.port is set, and no HTTP server is on the class path; add the"
                    + " Muster jar 'server', or name one of your own in " + service());
        }
        return own.getFirst();
    }

    private static String service() {
        return "META-INF/services/" + WebServerProvider.class.getName();
    }
}
