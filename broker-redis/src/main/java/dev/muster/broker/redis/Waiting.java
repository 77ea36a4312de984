package dev.muster.broker.redis;

import dev.muster.broker.redis.Watch.Sight;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/// Waits for tasks. A worker looks at its queues, and the server tells it when one of them changes: it is filled, by
/// whomever, a task is scheduled, the queue is paused or resumed, or somebody wakes all who wait. Between two changes
/// nothing is sent.
///
/// **Threads:** safe for use by many threads; each that waits has a connection of its own, for all of its queues.
/// **Failure:** a connection that breaks ends the wait with an error, unless it broke before the wait.
final class Waiting implements AutoCloseable {
    /// In nanoseconds. A server that is cut off says nothing: after this time it is looked at again.
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST = 64;

    private final Server server;
    // Guarded by this.
    private final Deque<Watch> idle = new ArrayDeque<>();
    private final Set<Watch> busy = new HashSet<>();
    private boolean closed;
    private long wakes = -1;

    Waiting(Server server) {
        this.server = server;
    }

    void await(List<String> queues, long nanos) throws InterruptedException {
        if (queues.isEmpty() || queues.size() > MOST) {
            throw new IllegalArgumentException("a worker waits for 1 to " + MOST + " queues, not " + queues.size());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (nanos <= 0) {
            return;
        }
        long end = System.nanoTime() + Math.min(nanos, LONGEST);
        List<QueueKeys> keys = queues.stream().map(server::keys).toList();
        @Nullable Watch watch = null;
        try {
            do {
                watch = borrow();
            } while (!waited(watch, keys, end));
            giveBack(watch);
        } catch (JedisException e) {
            if (watch != null) {
                drop(watch);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!isClosed()) {
                throw server.explain("wait for tasks of " + String.join(", ", queues), e);
            }
        }
    }

    /// @return false if the connection had broken before
    private boolean waited(Watch watch, List<QueueKeys> keys, long end) {
        try {
            Sight sight = watch.look(keys);
            if (!woken(sight.wakes()) && !sight.ready() && sight.dueMillis() > 0) {
                long due = TimeUnit.MILLISECONDS.toNanos(sight.dueMillis());
                // Then the caller looks by claiming: another look here would only delay the start of a task.
                watch.awaitChange(Math.clamp(end - System.nanoTime(), 0, due));
            }
            return true;
        } catch (JedisConnectionException e) {
            if (!watch.used() || isClosed()) {
                throw e;
            }
            drop(watch);
            discard();
            return false;
        }
    }

    /// Ends all waits of every process; one that is just about to begin, too.
    void wake() {
        long _ = server.call("wake the workers", client -> client.incr(QueueKeys.WAKES));
    }

    /// @param number how often all were woken so far
    private synchronized boolean woken(long number) {
        boolean since = wakes >= 0 && number != wakes;
        wakes = number;
        return since;
    }

    private Watch borrow() {
        @Nullable Watch rested = rested();
        Watch watch = rested == null ? server.watch() : rested;
        synchronized (this) {
            boolean _ = busy.add(watch);
            if (closed) {
                watch.close();
            }
        }
        return watch;
    }

    private synchronized @Nullable Watch rested() {
        return idle.poll();
    }

    private synchronized void giveBack(Watch watch) {
        boolean _ = busy.remove(watch);
        if (closed) {
            watch.close();
        } else {
            watch.rest();
            idle.push(watch);
        }
    }

    private synchronized void drop(Watch watch) {
        boolean _ = busy.remove(watch);
        watch.close();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void discard() {
        idle.forEach(Watch::close);
        idle.clear();
    }

    /// Ends all waits of this process.
    @Override
    public synchronized void close() {
        closed = true;
        busy.forEach(Watch::close);
        discard();
    }
}
