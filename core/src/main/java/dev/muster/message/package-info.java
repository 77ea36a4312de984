/// Messages, immediate tasks and pipes between the processes of one application, over Unix sockets in the run
/// directory: docs/protocol/messages.md. Knows nothing of the master, nor of what user code does with a message.
///
/// Start reading at [Post], which is all of it for one process. Then:
///
/// - **On the wire**: `Frame`, `FrameKind`, `FrameInput`, `FrameOutput`; `Connection` is one end.
/// - **To others**: `Routes` and `Outgoing` are the connections, `Delivery` one try, `Dispatcher` chooses who does an
///   immediate task, `TaskCall` waits for its answer.
/// - **From others**: `Reception`, `Door` and `Incoming` let them in, `Inbox` keeps what is not begun.
/// - **Pipes**: `Handshake`, `PipeStream`; `HeldPipe` is the outer end, `ProcessPipe` the inner one.
/// - **Connections of web workers**: `WebConnections` asks, through `Desks`, `Asking` and `Survey`; `DeskDoor`,
///   `DeskGuest` and `DeskClerk` answer; `DeskCall` is what travels.
/// - **Who waits**: `PostLoop` runs the rounds, on a thread of its own or (`Lead`) on one that waits for what they
///   bring; `Eagerness` says whether to look on before going to sleep.
@NullMarked
package dev.muster.message;

import org.jspecify.annotations.NullMarked;
