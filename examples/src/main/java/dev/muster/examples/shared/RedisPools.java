package dev.muster.examples.shared;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.util.JedisURIHelper;

/// The Redis servers by the names that the configuration gives them, each with a pool of connections.
///
/// ```java
/// RedisPools.named("default").lpush("message_queue", message);
/// ```
///
/// **Threads:** safe for use by many threads. **Lifetime:** a pool is made when it is first asked for, and lives as
/// long as the process. **Failure:** a server that is down fails the command, and not the pool: the next command
/// connects anew.
public final class RedisPools {
    private static final Map<String, RedisClient> OPEN = new ConcurrentHashMap<>();
    private static final int PORT = 6379;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int ANSWER_MILLIS = 5_000;

    private RedisPools() {}

    /// The server of that name. Does not connect. `default` is the one on this machine, if the configuration says
    /// nothing. Commands that block for up to 5 s are fine.
    ///
    /// @throws IllegalArgumentException if there is none of that name, or its address is none
    public static RedisClient named(String name) {
        return OPEN.computeIfAbsent(name, known -> open(known, Configuration.ofThisProcess()));
    }

    static RedisClient open(String name, Configuration configuration) {
        URI address = parse(name, configuration.url("redis", name, "redis://127.0.0.1:" + PORT));
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .clientName("muster-examples")
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
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(configuration.number("redis." + name + ".connections", 2, 100, 4));
        return RedisClient.builder()
                .hostAndPort(address.getHost(), address.getPort() < 0 ? PORT : address.getPort())
                .clientConfig(config.build())
                .poolConfig(pool)
                .build();
    }

    private static URI parse(String name, String url) {
        try {
            URI address = URI.create(url);
            boolean known = JedisURIHelper.isRedisScheme(address) || JedisURIHelper.isRedisSSLScheme(address);
            if (known && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // It is told below, without the password that may stand in it.
        }
        throw new IllegalArgumentException("redis." + name + ".url is no address of a Redis server; it looks like"
                + " redis://user:password@host:6379/0, or rediss:// for TLS");
    }
}
