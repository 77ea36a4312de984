package dev.muster.web;

import dev.muster.ConnectionInfo;
import java.util.List;
import java.util.Optional;

/// The WebSockets of one web worker, for whoever asks, in that process or in another. What is not there is answered,
/// not thrown.
///
/// **Threads:** any, the thread of the post included: nothing here may wait.
public interface ConnectionDesk {
    /// That of a server which has no WebSockets, or keeps them to itself: nobody finds one there.
    static ConnectionDesk none() {
        return NoConnections.NONE;
    }

    /// Puts a message into the queue of a connection.
    ///
    /// @return false if there is no such connection, or it was too slow and is closed
    boolean push(long id, boolean text, byte[] data);

    /// The same for all connections.
    ///
    /// @return to how many
    int broadcast(boolean text, byte[] data);

    /// @return false if there is no such connection
    boolean close(long id, int code, String reason);

    /// Whether it is open, and its end has not begun.
    boolean established(long id);

    /// All connections.
    List<Long> all();

    /// What is known of a connection, empty if it is not there.
    Optional<ConnectionInfo> info(long id);

    /// Says whose it is.
    ///
    /// @return false if there is no such connection
    boolean bind(long id, String user);

    /// Those of a user.
    List<Long> of(String user);
}
