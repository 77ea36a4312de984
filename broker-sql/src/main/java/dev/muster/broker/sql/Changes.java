package dev.muster.broker.sql;

import java.util.List;

/// Tells those who wait for tasks that there may be some, in whatever process they are. A change that is not heard
/// costs time, never a task: who waits looks again by itself.
///
/// **Threads:** safe for use by many threads.
public interface Changes {
    /// A number that differs after something has changed in one of the queues.
    int changes(List<String> queues);

    /// Something has changed in the queue; called after the commit.
    void changed(String queue);

    /// Something has changed everywhere.
    void changed();

    /// Waits until the number is another than this one, or the time is over. May return early for no reason, and
    /// does when the thread is interrupted, whose mark stays.
    void await(List<String> queues, int seen, long nanos);
}
