package dev.muster;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The WebSockets of all web workers, from every role. A call goes straight from the calling process to the worker
/// that holds the connection; the master has no part in it.
///
/// An id tells its worker process. It fits 53 bits, so JavaScript keeps it exactly, and is never used again while the
/// application runs.
///
/// **Threads:** all methods may be called from any thread, but not from the event loop of a server: they wait for an
/// answer, `messages.sendTimeout` (1 s) at most. **Failure:** the connections of a worker that dies are gone with it:
/// methods about one of them answer as for one that is closed. A worker that does not answer in time is a
/// [MessageException] of the reason `TIMEOUT`; one whose connection to this process breaks although it lives, `LOST`.
/// Where several workers are asked, they are asked at the same time, and those that answer have done what was asked.
public interface Connections {
    /// Sends a text to a WebSocket.
    ///
    /// @return true if its worker has taken it into the queue of the connection; false if there is no such
    ///     WebSocket, or it reads so slowly that more than `server.maxQueued` waits for it behind the message that
    ///     is being sent: it is closed with 1013 then
    /// @throws MessageException if the worker does not answer, or the text is longer than `messages.maxSize`
    /// @throws IllegalArgumentException if the text contains half of a surrogate pair, which UTF-8 cannot hold
    boolean push(long connectionId, String text);

    /// The same with bytes.
    boolean push(long connectionId, byte[] data);

    /// Sends a text to many WebSockets: one call to each of their workers, all at the same time. One that is named
    /// twice gets it twice.
    ///
    /// @return to how many, as [#push(long, String)] counts
    /// @throws MessageException if a worker does not answer, or the text is longer than `messages.maxSize`; the
    ///     other workers have taken it
    int push(Collection<Long> connectionIds, String text);

    /// The same with bytes.
    int push(Collection<Long> connectionIds, byte[] data);

    /// Sends a text to all WebSockets of the application.
    ///
    /// @return to how many
    /// @throws MessageException if a worker does not answer; the others have sent it
    int broadcast(String text);

    /// The same with bytes.
    int broadcast(byte[] data);

    /// Closes a WebSocket.
    ///
    /// @param code 1000, 1001, 1003, 1007 to 1013, or 3000 to 4999
    /// @param reason at most 123 bytes of UTF-8
    /// @return false if there is no such WebSocket
    boolean close(long connectionId, int code, String reason);

    /// Whether there is such a WebSocket, its handshake done and its end not begun.
    boolean isEstablished(long connectionId);

    /// Whether there is such a WebSocket, also one that is about to close.
    boolean exists(long connectionId);

    /// The ids of all WebSockets of all workers at this moment.
    List<Long> connections();

    /// What is known of a WebSocket, empty if there is none.
    Optional<ConnectionInfo> connection(long connectionId);

    /// Says whose connection it is. A user may have several; a connection has one user, the last that was said.
    ///
    /// @param userId 1 to 255 bytes of UTF-8
    /// @return false if there is no such WebSocket
    boolean bind(long connectionId, String userId);

    /// The same with a number.
    default boolean bind(long connectionId, long userId) {
        return bind(connectionId, Long.toString(userId));
    }

    /// The WebSockets that are bound to a user, of all workers.
    List<Long> connectionsOf(String userId);

    /// The same with a number.
    default List<Long> connectionsOf(long userId) {
        return connectionsOf(Long.toString(userId));
    }
}
