package dev.muster.worker;

import dev.muster.control.Message;
import java.io.IOException;
import java.time.Duration;

/// What the code inside a worker says to its master and asks of it, over a socket ([MasterLink]) or, where the whole
/// application is one JVM, directly.
///
/// **Threads:** safe for use by many threads.
interface MasterPort {
    /// What this worker is to be.
    Message.Welcome welcome();

    /// Says it; may block.
    ///
    /// @throws IOException if the master is gone
    void send(Message.FromChild message) throws IOException;

    /// Says it where nobody is left to tell when that fails.
    void tell(Message.FromChild message);

    /// Asks the master what it knows about every slot.
    ///
    /// @throws IllegalStateException if it does not answer in time or is gone
    Message.StatsReply stats();

    /// The same with another limit.
    default Message.StatsReply stats(Duration limit) {
        return stats();
    }

    /// Whether the whole application is this one JVM.
    default boolean inline() {
        return false;
    }
}
