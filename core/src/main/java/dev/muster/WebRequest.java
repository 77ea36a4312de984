package dev.muster;

import java.util.List;
import java.util.Optional;

/// A request to a web worker, its body read.
///
/// **Threads:** any. **Lifetime:** until its answer is complete.
public interface WebRequest {
    /// In capitals, such as `GET`.
    String method();

    /// The path without the query; begins with `/`, but for `OPTIONS *`. It is decoded and not normalised: `..` and
    /// `//` may stand in it, so it names no file without a check.
    String path();

    /// The query as it was sent, empty if there is none.
    String query();

    /// The first value of a parameter of the query, decoded: `+` is a blank, a `%` that begins no escape stands for
    /// itself, `&` alone parts parameters. What follows the first 1024 parameters is left to [#query()].
    Optional<String> parameter(String name);

    /// The first value of a header; names know no case.
    Optional<String> header(String name);

    /// All values of a header.
    List<String> headers(String name);

    /// The address of the client; behind a proxy, with `server.forwarded`, what the proxy says.
    String remoteAddress();

    /// A name for this request in logs and error answers.
    String requestId();

    /// The body, empty if there is none. Not a copy: do not change it.
    byte[] body();

    /// The body as UTF-8.
    String text();

    /// The body, JSON, as a value of this type, by Jackson.
    ///
    /// @throws IllegalArgumentException if it is not; uncaught, it becomes the answer 400
    <T> T json(Class<T> type);

    /// The id of the WebSocket that this request has opened, 0 if it is an ordinary request.
    long connectionId();
}
