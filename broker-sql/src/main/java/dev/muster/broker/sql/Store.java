package dev.muster.broker.sql;

import dev.muster.task.BrokerException;
import java.util.Collection;

/// A database that keeps tasks, open: how transactions are run on it, how others hear of what they changed, and what
/// is said differently to it. The tables `queue` and `task` exist in it.
///
/// **Threads:** safe for use by many threads. **Lifetime:** closed by the [SqlBroker] it was given to.
public interface Store extends AutoCloseable {
    /// Claims, outcomes and everything that is read.
    Lane ledger();

    /// New tasks; what [Lane#write] has done here is kept with the durability that the broker promises. May be the
    /// ledger.
    Lane intake();

    /// Does work on the intake that gives these queues new tasks, and wakes whoever waits for them.
    default <T> T accept(String what, Collection<String> queues, Lane.Work<T> work) {
        T result = intake().write(what, work);
        queues.forEach(changes()::changed);
        return result;
    }

    /// Whether the database is well and has refused this piece of work alone, so that others may succeed.
    default boolean refused(BrokerException failure) {
        return false;
    }

    /// Who waits for tasks, and who wakes them.
    Changes changes();

    /// The statements of this database.
    Dialect dialect();

    @Override
    void close();
}
