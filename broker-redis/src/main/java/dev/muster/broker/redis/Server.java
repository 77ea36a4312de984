package dev.muster.broker.redis;

import dev.muster.task.BrokerException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/// The Redis server: connections to it, and errors that say what was tried and what to do.
///
/// **Threads:** safe for use by many threads. **Lifetime:** closed by its owner. **Failure:** a connection that breaks
/// is replaced by the next call.
final class Server implements AutoCloseable {
    private static final int CONNECT_MILLIS = (int) TimeUnit.SECONDS.toMillis(2);
    private static final int ANSWER_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);

    private final URI address;
    private final DefaultJedisClientConfig config;
    private final RedisClient client;
    private final Set<String> remembered = ConcurrentHashMap.newKeySet();
    private final Map<String, QueueKeys> keys = new ConcurrentHashMap<>();

    private Server(URI address, DefaultJedisClientConfig config, RedisClient client) {
        this.address = address;
        this.config = config;
        this.client = client;
    }

    /// @param url `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS
    /// @throws BrokerException if it is none
    static Server of(String url) {
        URI address = parse(url);
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .clientName("muster")
                .connectionTimeoutMillis(CONNECT_MILLIS)
                .socketTimeoutMillis(ANSWER_MILLIS)
                // A server that is cut off in the middle of a wait says nothing: its answer is due 5 s later.
                .blockingSocketTimeoutMillis(2 * ANSWER_MILLIS)
                .database(JedisURIHelper.getDBIndex(address));
        if (JedisURIHelper.isRedisSSLScheme(address)) {
            config = config.sslOptions(SslOptions.defaults());
        }
        String password = JedisURIHelper.getPassword(address);
        if (password != null) {
            config = config.user(JedisURIHelper.getUser(address)).password(password);
        }
        DefaultJedisClientConfig built = config.build();
        RedisClient client = RedisClient.builder()
                .hostAndPort(address.getHost(), port(address))
                .clientConfig(built)
                .build();
        return new Server(address, built, client);
    }

    private static URI parse(String url) {
        try {
            URI address = URI.create(url);
            if (JedisURIHelper.isRedisScheme(address) || JedisURIHelper.isRedisSSLScheme(address)) {
                if (address.getHost() != null) {
                    return address;
                }
            }
        } catch (IllegalArgumentException _) {
            // It is told below, without the password that may stand in it.
        }
        throw new BrokerException("tasks.redis.url is no address of a Redis server; it looks like"
                + " redis://user:password@host:6379/0, or rediss:// for TLS");
    }

    private static int port(URI address) {
        return address.getPort() < 0 ? 6379 : address.getPort();
    }

    /// Host and port, for people.
    String name() {
        return address.getHost() + ":" + port(address);
    }

    QueueKeys keys(String queue) {
        return keys.computeIfAbsent(queue, QueueKeys::of);
    }

    /// Keeps the name of a queue among those of all queues. One that could not be kept is tried again the next
    /// time: what lies in a queue without a name, nobody would find.
    void remember(String what, String queue) {
        if (!remembered.contains(queue)) {
            long _ = call(what, open -> open.sadd(QueueKeys.QUEUES, queue));
            boolean _ = remembered.add(queue);
        }
    }

    /// Runs a script.
    ///
    /// @param what for the message of an error: `enqueue 3 tasks`
    Object run(String what, Script script, String queue, List<String> arguments) {
        return call(what, open -> script.run(open, keys(queue).all(), arguments));
    }

    /// Does something with a connection.
    <T> T call(String what, Function<RedisClient, T> work) {
        try {
            return work.apply(client);
        } catch (JedisException e) {
            throw explain(what, e);
        }
    }

    /// A connection of the caller's own.
    Jedis connect() {
        return new Jedis(new HostAndPort(address.getHost(), port(address)), config);
    }

    BrokerException explain(String what, JedisException e) {
        return new BrokerException("cannot " + what + ": the Redis server " + name() + " says " + e.getMessage(), e);
    }

    @Override
    public void close() {
        client.close();
    }
}
