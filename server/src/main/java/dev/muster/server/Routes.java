package dev.muster.server;

import dev.muster.NonBlocking;
import dev.muster.Server;
import dev.muster.ServerListener;
import io.vertx.ext.web.Router;

/// The routes of an application: a listener, with `@ServerEvents`, that gets the Router of Vert.x. What no route takes
/// goes to [ServerListener#onRequest].
///
/// Handlers run on a virtual thread of their own for each request, the body read before (`server.maxBody`), so they may
/// wait. With [NonBlocking] on the class they run on the event loop as in any Vert.x application, and see to the body
/// themselves, and to a client that waits for `100 Continue` before it sends it.
///
/// **Threads:** [#routes] on the main thread of the worker; handlers as said, many at the same time on virtual threads,
/// one at a time on the event loop.
public interface Routes extends ServerListener {
    /// Adds routes. Called once in each web worker, before it is ready.
    ///
    /// @throws Exception if that is not possible; the boot of the worker has failed then
    void routes(Router router, Server server) throws Exception;
}
