package dev.muster.inline;

import dev.muster.config.Settings;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import dev.muster.task.Brokers;
import dev.muster.task.Tasks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The store through which the code of this JVM enqueues, whichever slot it belongs to, and that is opened when it is
/// first needed. Workers have one of their own each.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the application. **Failure:** a store that cannot
/// be opened is tried again by the next call.
final class InlineQueue implements AutoCloseable {
    private final Settings settings;
    private final List<TaskDeclaration> tasks;
    private @Nullable Broker open;
    private boolean used;
    private boolean closed;

    InlineQueue(Settings settings, List<TaskDeclaration> tasks) {
        this.settings = settings;
        this.tasks = tasks;
    }

    /// From now on `Tasks.enqueue` reaches it.
    synchronized void use() {
        used = true;
        Tasks.use(settings, tasks, this::broker);
    }

    synchronized Broker broker() {
        if (closed) {
            throw new BrokerException("the application that ran inline in this JVM has ended; start it again");
        }
        Broker broker = open;
        if (broker == null) {
            broker = Brokers.open(settings);
            open = broker;
        }
        return broker;
    }

    @Override
    public synchronized void close() {
        if (used) {
            Tasks.unuse();
        }
        closed = true;
        if (open != null) {
            open.close();
        }
    }
}
