package dev.muster.web;

/// A server that speaks HTTP in this process, made by a [WebServerProvider].
///
/// **Threads:** all methods from any thread, one order at a time. **Lifetime:** from its making, when it accepts
/// nothing, to [#close()]. **Failure:** what goes wrong with a connection ends that connection.
public interface WebServer extends AutoCloseable {
    /// Accepts connections from now on, also after [#pause()]. Does not wait.
    void accept();

    /// Accepts none from now on; those that are there end after their next answer. Does not wait.
    void pause();

    /// How many requests and events are under way.
    int busy();

    /// Accepts nothing more, finishes what is under way, says goodbye to the rest, and returns when nothing is
    /// left. Nothing bounds it but the end of the process, which the master sees to.
    void drain() throws InterruptedException;

    /// The WebSockets of this process. Asked for once, before the worker is ready.
    default ConnectionDesk connections() {
        return ConnectionDesk.none();
    }

    /// Ends everything at once.
    @Override
    void close();
}
