package dev.muster.web;

/// Makes the server of a web worker; found by `ServiceLoader`. An application that brings one serves with that, and not
/// with Muster's own.
///
/// **Threads:** called once, on the main thread of the worker.
public interface WebServerProvider {
    /// Makes it, ready to accept. Runs before the worker is ready: whatever is slow the first time belongs here.
    ///
    /// @throws Exception if it cannot be; the boot of the worker has failed then
    WebServer open(WebHost host) throws Exception;

    /// Whether this one steps back when there is another that does not. Muster's own does; one of an application
    /// must not.
    default boolean fallback() {
        return false;
    }
}
