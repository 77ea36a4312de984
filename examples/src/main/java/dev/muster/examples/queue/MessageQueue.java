package dev.muster.examples.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisConnectionException;

/// A Redis list of messages, from which several processes may take, on any machine. A message that is taken moves to a
/// list of this process's own, and leaves that when it is handled. Each process has a lease; when that runs out, any
/// other gives back what lies in its list. Beside the list NAME there are:
///
/// | key | holds |
/// |---|---|
/// | `NAME:taken:ID` | what one process has taken and not handled yet: at most one message |
/// | `NAME:leases` | for each of these lists the end of its lease, in ms of Redis's clock |
/// | `NAME:deaths` | for a message that was given back, how often; the third time it has failed |
/// | `NAME:failed` | what could not be handled |
///
/// **Threads:** one takes and settles; [#renew] may be called by another. **Lifetime:** one for each life of a process.
/// **Failure:** each method throws [redis.clients.jedis.exceptions.JedisException] if Redis does not answer, and is
/// just called again: what was left open by the failure is settled first.
final class MessageQueue {
    /// How a message ended.
    enum Outcome {
        DONE,
        FAILED
    }

    private record Settlement(String message, Outcome outcome) {}

    private static final Logger log = LoggerFactory.getLogger(MessageQueue.class);
    private static final String MOST_DEATHS = "3";

    /// The lease of a process that has ended is remembered so long: one that was asleep all the time may still take
    /// a message before it renews its lease.
    private static final String MEMORY_MILLIS = Long.toString(TimeUnit.DAYS.toMillis(1));

    /// KEYS: leases, list, failed, deaths. ARGV: own list, ms of lease, most deaths, ms of memory.
    private static final String RENEW = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
        for _, taken in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)) do
          local message = redis.call('RPOP', taken)
          while message do
            if redis.call('HINCRBY', KEYS[4], message, 1) >= tonumber(ARGV[3]) then
              redis.call('HDEL', KEYS[4], message)
              redis.call('LPUSH', KEYS[3], message)
            else
              redis.call('RPUSH', KEYS[2], message)
            end
            message = redis.call('RPOP', taken)
          end
        end
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[4])
        """;

    /// KEYS: own list, failed, deaths. ARGV: message, outcome.
    private static final String SETTLE = """
        local there = redis.call('LREM', KEYS[1], 1, ARGV[1])
        if there == 1 then
          redis.call('HDEL', KEYS[3], ARGV[1])
          if ARGV[2] == 'FAILED' then
            redis.call('LPUSH', KEYS[2], ARGV[1])
          end
        end
        return there
        """;

    private final RedisClient redis;
    private final String name;
    private final String taken;
    private final Duration lease;
    private boolean registered;
    private boolean unsure;
    private @Nullable Settlement owed;

    /// @param name of the list
    /// @param lease how long this process may be silent
    MessageQueue(RedisClient redis, String name, Duration lease) {
        this.redis = redis;
        this.name = name;
        this.taken = name + ":taken:" + UUID.randomUUID();
        this.lease = lease;
    }

    /// Waits for a message and takes it. It is to be settled before the next one is taken.
    ///
    /// @param wait the longest time; below the time-out of the client for an answer
    Optional<String> take(Duration wait) {
        try {
            pay();
            if (!registered) {
                renew();
                registered = true;
            }
            String left = unsure ? redis.lindex(taken, -1) : null;
            if (left != null) {
                return Optional.of(left);
            }
            // If the answer does not arrive, a message may have moved that nobody here has seen.
            unsure = true;
            String message =
                    redis.blmove(name, taken, ListDirection.RIGHT, ListDirection.LEFT, wait.toMillis() / 1_000.0);
            unsure = false;
            return Optional.ofNullable(message);
        } catch (JedisConnectionException e) {
            // The idle connections to a server that was restarted are dead too.
            redis.getPool().clear();
            throw e;
        }
    }

    /// Ends a message: it leaves the list of this process. If Redis cannot be told now, it is told before the next
    /// message is taken.
    void settle(String message, Outcome outcome) {
        owed = new Settlement(message, outcome);
        pay();
    }

    private void pay() {
        Settlement settlement = owed;
        if (settlement == null) {
            return;
        }
        Object there = redis.eval(
                SETTLE,
                List.of(taken, name + ":failed", name + ":deaths"),
                List.of(settlement.message, settlement.outcome.name()));
        owed = null;
        if (!Long.valueOf(1).equals(there)) {
            log.atWarn()
                    .addKeyValue("message", settlement.message)
                    .log("a handled message was not in the list of this process any more: its lease had run out, and"
                            + " the message is handled twice, or Redis has answered an earlier try that was not heard");
        }
    }

    /// Renews the lease of this process, and gives back what processes without a lease had taken.
    void renew() {
        expire(lease);
    }

    /// Ends the lease of this process, which takes no more.
    void leave() {
        pay();
        expire(Duration.ofMillis(-1));
    }

    private void expire(Duration fromNow) {
        Object _ = redis.eval(
                RENEW,
                List.of(name + ":leases", name, name + ":failed", name + ":deaths"),
                List.of(taken, Long.toString(fromNow.toMillis()), MOST_DEATHS, MEMORY_MILLIS));
    }
}
