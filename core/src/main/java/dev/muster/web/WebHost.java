package dev.muster.web;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.config.Settings;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.function.Supplier;

/// The worker around a server.
///
/// **Threads:** all methods from any thread.
public interface WebHost {
    Settings settings();

    /// The listening socket, bound; other processes accept from it too, so it is non-blocking and must never be
    /// closed.
    ServerSocketChannel listening();

    /// The application, for listeners.
    Server server();

    /// The listeners of this process, in the order in which they are told.
    List<ServerListener> listeners();

    /// Shows others how many connections there are, and whether more are accepted.
    void connections(int count, boolean accepts);

    /// Whether the next connection is to be left to a worker that has fewer. Asked by the thread that accepts,
    /// while a connection waits; it asks again after a millisecond.
    boolean leavesNext();

    /// The id of the next connection of this process.
    long nextConnection();

    /// A request or an event begins now. If it lasts longer than a moment it shows on the board, with its deadline.
    ///
    /// @param label for people, such as `GET /orders`; a long one is cut. Asked for only if it lasts
    /// @return to be told the end
    Work begin(Supplier<String> label);

    /// Whether the end of this process is decided: nothing new is to begin.
    boolean condemned();

    /// The memory is exhausted: ends this process. Does not return.
    void exhausted(OutOfMemoryError failure);

    /// Something under way.
    interface Work {
        /// It goes on, and has all its time again.
        void extend();

        /// It is over; told once.
        void end(boolean failed);
    }
}
