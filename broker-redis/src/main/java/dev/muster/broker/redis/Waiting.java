package dev.muster.broker.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.resps.Tuple;

/// Waits for tasks. Redis itself wakes who waits: the wait is for a message that can be moved from the end of the list
/// to the same end, which takes nothing away, and also sees what producers put there who know nothing of Muster.
///
/// **Threads:** safe for use by many threads; each that waits has a connection. **Failure:** a connection that breaks
/// ends the wait with an error.
final class Waiting implements AutoCloseable {
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(5);
    private static final double NANOS = 1e9;

    private final Server server;
    private final Deque<Jedis> idle = new ArrayDeque<>();
    private boolean closed;

    Waiting(Server server) {
        this.server = server;
    }

    void await(String queue, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        String what = "wait for tasks of " + queue;
        QueueKeys keys = server.keys(queue);
        long now = System.currentTimeMillis();
        List<Tuple> next = server.call(what, client -> client.zrangeWithScores(keys.scheduled(), 0, 0));
        long due = next.isEmpty()
                ? LONGEST
                : TimeUnit.MILLISECONDS.toNanos((long) next.getFirst().getScore() - now);
        long wait = Math.min(Math.min(LONGEST, nanos), due);
        if (wait <= 0) {
            return;
        }
        Jedis connection = borrow();
        try {
            String id = Long.toString(connection.clientId());
            connection.sadd(QueueKeys.WAITERS, id);
            try {
                // 0 would be for ever.
                double seconds = Math.max(0.001, wait / NANOS);
                String _ = connection.blmove(queue, queue, ListDirection.RIGHT, ListDirection.RIGHT, seconds);
            } finally {
                connection.srem(QueueKeys.WAITERS, id);
            }
            giveBack(connection);
        } catch (JedisException e) {
            connection.close();
            if (isClosed()) {
                return;
            }
            throw server.explain(what, e);
        }
    }

    /// Ends all waits of every process.
    void wake() {
        Jedis connection = borrow();
        try {
            for (String id : connection.smembers(QueueKeys.WAITERS)) {
                long _ = connection.clientUnblock(Long.parseLong(id));
            }
            giveBack(connection);
        } catch (JedisException e) {
            connection.close();
            throw server.explain("wake the workers", e);
        }
    }

    private Jedis borrow() {
        synchronized (this) {
            @Nullable Jedis waiting = idle.poll();
            if (waiting != null) {
                return waiting;
            }
        }
        try {
            return server.connect();
        } catch (JedisException e) {
            throw server.explain("connect", e);
        }
    }

    private synchronized void giveBack(Jedis connection) {
        if (closed) {
            connection.close();
        } else {
            idle.push(connection);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(Jedis::close);
        idle.clear();
    }
}
