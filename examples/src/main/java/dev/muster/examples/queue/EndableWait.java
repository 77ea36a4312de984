package dev.muster.examples.queue;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;

/// Lets a stop end a wait for the network, and nothing but that: what is done with the answer is not disturbed. An
/// interrupt closes the socket that a virtual thread is waiting at.
///
/// **Threads:** one waits, another one ends it. **Failure:** with `virtualThreads = false` an interrupt has no effect
/// on a socket, and the wait ends by its time.
final class EndableWait {
    private @Nullable Thread waiting;
    private boolean ended;

    /// Does something that may be ended.
    ///
    /// @throws JedisConnectionException if the wait was ended before it began, or while it went on
    <T> T during(Supplier<T> wait) {
        begin();
        try {
            return wait.get();
        } finally {
            finish();
        }
    }

    private synchronized void begin() {
        if (ended) {
            throw new JedisConnectionException("a stop was asked for");
        }
        waiting = Thread.currentThread();
    }

    private synchronized void finish() {
        waiting = null;
        // One that came too late for the wait must not disturb what follows.
        boolean _ = Thread.interrupted();
    }

    /// Ends the wait that goes on, and all later ones.
    synchronized void end() {
        ended = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
