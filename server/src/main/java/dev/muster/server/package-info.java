/// HTTP and WebSocket in a web worker, by Vert.x on the listening socket that all workers share.
///
/// Start reading at [VertxServer], which is the port of the core; [Requests] has the way of a request, [Sockets] and
/// [Socket] that of a WebSocket, [Door] says when connections are accepted, [Clients] sees them off. Applications see
/// [Routes] only.
@NullMarked
package dev.muster.server;

import org.jspecify.annotations.NullMarked;
