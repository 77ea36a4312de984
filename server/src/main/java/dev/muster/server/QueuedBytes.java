package dev.muster.server;

import java.util.ArrayDeque;
import java.util.Deque;

/// The bytes of the messages that are to be sent to a client, and whether it has room for one more.
///
/// The limit is for what waits behind the message that is being sent: that one may be larger, and who takes it steadily
/// is not slow. One message may always wait there, whatever its size, for a limit less than a message would let none
/// follow another. So in memory are at most one message, and behind it one more or as many as are within the limit.
///
/// **Threads:** any.
final class QueuedBytes {
    private final long most;
    // All guarded by `this`.
    /// In the order in which they are sent; the first is being sent.
    private final Deque<Integer> messages = new ArrayDeque<>();
    private long bytes;

    /// @param most bytes that may wait behind the message that is being sent
    QueuedBytes(long most) {
        this.most = most;
    }

    /// Adds a message behind the others.
    ///
    /// @return false if there is no room for it
    synchronized boolean add(int message) {
        if (messages.size() > 1 && bytes - messages.getFirst() + message > most) {
            return false;
        }
        messages.addLast(message);
        bytes += message;
        return true;
    }

    /// The first of them is sent.
    synchronized void removeFirst() {
        bytes -= messages.removeFirst();
    }

    /// The last of them, just added, cannot be sent.
    synchronized void removeLast() {
        bytes -= messages.removeLast();
    }

    /// Those of all messages, also of the one that is being sent.
    synchronized long sum() {
        return bytes;
    }
}
