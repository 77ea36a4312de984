package dev.muster.worker;

import dev.muster.task.Broker;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store that is opened when it is first asked for, and again as long as that fails.
///
/// **Threads:** safe for use by many threads. **Failure:** what the opener throws.
final class OneBroker implements AutoCloseable {
    private final Supplier<Broker> opener;
    private @Nullable Broker open;

    OneBroker(Supplier<Broker> opener) {
        this.opener = opener;
    }

    synchronized Broker get() {
        Broker broker = open;
        if (broker == null) {
            broker = opener.get();
            open = broker;
        }
        return broker;
    }

    @Override
    public synchronized void close() {
        Broker broker = open;
        open = null;
        if (broker != null) {
            broker.close();
        }
    }
}
