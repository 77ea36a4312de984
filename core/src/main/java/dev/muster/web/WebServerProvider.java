package dev.muster.web;

/// Makes the server of a web worker; found by `ServiceLoader`.
public interface WebServerProvider {
    /// Makes it, ready to accept. Runs before the worker is ready: whatever is slow the first time belongs here.
    ///
    /// @throws Exception if it cannot be; the boot of the worker has failed then
    WebServer open(WebHost host) throws Exception;
}
