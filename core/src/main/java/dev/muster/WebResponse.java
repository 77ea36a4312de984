package dev.muster;

/// The answer to a request. It is complete with one of the `end` methods, or when the listeners have returned.
///
/// **Threads:** one at a time. **Failure:** if the client is gone, what is written is dropped, and [#open()] says so.
public interface WebResponse {
    /// Sets the status; 200 if nobody does.
    ///
    /// @param code 200 to 599
    /// @throws IllegalStateException if the head is sent already
    WebResponse status(int code);

    /// Sets a header. A `Content-Length` is set where it can be; one that is given must be that of the body: an
    /// answer that would be longer or shorter is an `IllegalStateException` of the call that makes it so.
    ///
    /// @throws IllegalArgumentException if name or value could not be sent, such as a value with a line feed
    /// @throws IllegalStateException if the head is sent already
    WebResponse header(String name, String value);

    /// Sends a part of the body, as soon as the client takes it: waits while too much waits for a slow one, and
    /// must therefore not be called on an event loop. Each part gives the request its whole `server.requestTimeout`
    /// anew.
    WebResponse write(byte[] part);

    /// The same with text as UTF-8.
    WebResponse write(String part);

    /// Sends a server-sent event; the first one sets `Content-Type: text/event-stream`. Waits as [#write(byte[])].
    ///
    /// @param data of any number of lines
    WebResponse event(String data);

    /// Completes the answer.
    void end();

    /// Completes it with this last part. Not copied: do not change it afterwards.
    void end(byte[] last);

    /// The same with text as UTF-8; `Content-Type: text/plain` if none is set.
    void end(String last);

    /// Completes it with a value as JSON, by Jackson; `Content-Type: application/json` if none is set.
    void json(Object value);

    /// Whether the client is there and the answer is not complete. A stream of events is also over when the worker
    /// is to end: the client connects anew, to another one.
    boolean open();
}
