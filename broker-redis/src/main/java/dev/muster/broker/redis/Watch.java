package dev.muster.broker.redis;

import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.PushConsumerContext;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

/// A connection over which the server tells, without being asked, that something has changed which was read over it
/// (`CLIENT TRACKING`, RESP3). So one connection watches any number of queues, takes nothing out of them, and hears of
/// changes by everybody, PHP included.
///
/// **Threads:** one at a time. **Failure:** after an exception it is of no use any more.
final class Watch extends Connection {
    private static final byte PUSH = '>';
    private static final Object SILENCE = new Object();

    private final int answerMillis;
    private boolean patient;
    private boolean changed;
    private boolean used;

    private Watch(HostAndPort address, JedisClientConfig config) {
        super(address, config);
        answerMillis = config.getSocketTimeoutMillis();
    }

    /// @param config with RESP3
    static Watch open(HostAndPort address, JedisClientConfig config) {
        Watch watch = new Watch(address, config);
        try {
            watch.addPushConsumer(watch::told);
            watch.sendCommand(Command.CLIENT, "TRACKING", "ON");
            String _ = watch.getStatusCodeReply();
            return watch;
        } catch (JedisException e) {
            watch.close();
            throw e;
        }
    }

    private PushConsumerContext told(PushConsumerContext context) {
        changed = true;
        if (patient) {
            // It is what is waited for; else it comes between answers and is none.
            context.propagate();
        }
        return context;
    }

    /// What a look at queues showed.
    ///
    /// @param ready whether one of them, not paused, has a ready task
    /// @param dueMillis until the next scheduled task of one that is not paused is due; [Long#MAX_VALUE] for none
    /// @param wakes how often waiting workers were woken
    record Sight(boolean ready, long dueMillis, long wakes) {}

    /// Looks at queues; from now on [#awaitChange(long)] knows of changes.
    Sight look(List<QueueKeys> queues) {
        sendCommand(Command.TIME);
        sendCommand(Command.GET, QueueKeys.WAKES);
        for (QueueKeys queue : queues) {
            sendCommand(Command.EXISTS, queue.paused());
            sendCommand(Command.LLEN, queue.list());
            sendCommand(Command.ZCARD, queue.ranked());
            sendCommand(Command.ZRANGE, queue.scheduled(), "0", "0", "WITHSCORES");
        }
        List<?> time = (List<?>) getOne();
        // What came before this answer changed before this look.
        changed = false;
        List<Object> answers = getMany(1 + 4 * queues.size());
        for (@Nullable Object answer : answers) {
            if (answer instanceof JedisDataException refused) {
                throw refused;
            }
        }
        long now = number(time.get(0)) * 1000 + number(time.get(1)) / 1000;
        boolean ready = false;
        double due = Double.POSITIVE_INFINITY;
        for (int i = 1; i < answers.size(); i += 4) {
            if (number(answers.get(i)) == 0) {
                ready |= number(answers.get(i + 1)) + number(answers.get(i + 2)) > 0;
                List<?> next = (List<?>) answers.get(i + 3);
                due = next.isEmpty() ? due : Math.min(due, (Double) ((List<?>) next.getFirst()).get(1));
            }
        }
        long left = Double.isInfinite(due) ? Long.MAX_VALUE : (long) due - now;
        return new Sight(ready, left, number(answers.getFirst()));
    }

    private static long number(@Nullable Object answer) {
        return switch (answer) {
            case null -> 0;
            case Long number -> number;
            case byte[] text -> Long.parseLong(new String(text, StandardCharsets.US_ASCII));
            default -> throw new IllegalStateException("the server answers with no number: " + answer);
        };
    }

    /// Waits until something has changed since it was last looked at, or the time is over.
    void awaitChange(long nanos) {
        if (!changed) {
            // Never 0, which would be for ever.
            setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
            patient = true;
            Object _ = getOne();
            patient = false;
            setSoTimeout(answerMillis);
        }
    }

    /// A time that is over between two messages leaves the connection as it was.
    @Override
    protected Object protocolRead(RedisInputStream in, PushConsumerChain consumers) {
        if (patient) {
            try {
                boolean _ = in.peek(PUSH);
            } catch (JedisConnectionException e) {
                if (e.getCause() instanceof SocketTimeoutException) {
                    return SILENCE;
                }
                throw e;
            }
            setSoTimeout(answerMillis);
        }
        return super.protocolRead(in, consumers);
    }

    /// Whether it has waited before, and may have been cut off since.
    boolean used() {
        return used;
    }

    void rest() {
        used = true;
    }
}
