package dev.muster.broker.redis;

import dev.muster.task.BrokerException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.util.JedisURIHelper;

/// The Redis server: connections to it, and errors that say what was tried and what to do.
///
/// **Threads:** safe for use by many threads. **Lifetime:** closed by its owner. **Failure:** a connection that breaks
/// during a call fails that call and no other.
final class Server implements AutoCloseable {
    private static final int CONNECT_MILLIS = (int) TimeUnit.SECONDS.toMillis(2);
    private static final int ANSWER_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);
    private static final String UNNAMED = "UNNAMED";

    private final HostAndPort address;
    private final JedisClientConfig watching;
    private final Connections connections;
    private final RedisClient client;
    private final Map<String, QueueKeys> keys = new ConcurrentHashMap<>();

    private Server(HostAndPort address, DefaultJedisClientConfig.Builder config) {
        this.address = address;
        JedisClientConfig usual = config.build();
        watching = config.resp3().build();
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setTestOnBorrow(true);
        connections = new Connections(address, usual);
        client = RedisClient.builder()
                .hostAndPort(address)
                .clientConfig(usual)
                .connectionProvider(new PooledConnectionProvider(connections, pool))
                .build();
    }

    /// @param url `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS
    /// @throws BrokerException if it is none
    static Server of(String url) {
        URI uri = parse(url);
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .clientName("muster")
                .connectionTimeoutMillis(CONNECT_MILLIS)
                .socketTimeoutMillis(ANSWER_MILLIS)
                .database(JedisURIHelper.getDBIndex(uri));
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            config = config.sslOptions(SslOptions.defaults());
        }
        String password = JedisURIHelper.getPassword(uri);
        if (password != null) {
            config = config.user(JedisURIHelper.getUser(uri)).password(password);
        }
        return new Server(new HostAndPort(uri.getHost(), uri.getPort() < 0 ? 6379 : uri.getPort()), config);
    }

    /// A password that is not written as an address demands may end up in any part of it: what is not understood
    /// wholly is refused, and not shown.
    private static URI parse(String url) {
        try {
            URI uri = URI.create(url);
            boolean redis = JedisURIHelper.isRedisScheme(uri) || JedisURIHelper.isRedisSSLScheme(uri);
            boolean named = uri.getUserInfo() == null || uri.getUserInfo().contains(":");
            boolean port = uri.getPort() < 1 << 16;
            boolean database = uri.getPath() == null || uri.getPath().matches("/?|/\\d{1,5}");
            if (redis && uri.getHost() != null && named && port && database && uri.getQuery() == null) {
                if (uri.getFragment() == null) {
                    return uri;
                }
            }
        } catch (IllegalArgumentException _) {
            // It is told below, without the password that may stand in it.
        }
        throw new BrokerException("tasks.redis.url is no address of a Redis server; it looks like"
                + " redis://user:password@host:6379/0, or rediss:// for TLS, and a password that holds other"
                + " characters than letters and digits has them as %40 for @, and so on");
    }

    /// Host and port, for people.
    String name() {
        return address.getHost() + ":" + address.getPort();
    }

    QueueKeys keys(String queue) {
        return keys.computeIfAbsent(queue, QueueKeys::of);
    }

    /// Runs a script of a queue. If it says that nobody has kept the name of the queue yet, that is done first.
    ///
    /// @param what for the message of an error: `enqueue 3 tasks`
    Object run(String what, Script script, String queue, List<String> arguments) {
        QueueKeys of = keys(queue);
        Object answer = call(what, open -> script.run(open, of.all(), arguments));
        if (!UNNAMED.equals(answer)) {
            return answer;
        }
        return call(what, open -> {
            requireList(what, queue, open.type(of.list()));
            // In this order: the mark must not be there without the name.
            long _ = open.sadd(QueueKeys.QUEUES, queue);
            long _ = open.hset(of.counts(), "named", "1");
            Object again = script.run(open, of.all(), arguments);
            if (UNNAMED.equals(again)) {
                throw new BrokerException("cannot " + what + ": the Redis server " + name()
                        + " loses what it has just been given; is somebody emptying it?");
            }
            return again;
        });
    }

    /// A queue is the list under its name: nothing else may be there, and it must not be one of our own keys.
    private void requireList(String what, String queue, String type) {
        if (queue.startsWith(QueueKeys.OWN)) {
            throw new BrokerException("cannot " + what + ": a queue of the name '" + queue
                    + "' would lie among the keys that Muster keeps on the Redis server; choose one that does not"
                    + " begin with " + QueueKeys.OWN);
        }
        if (!type.equals("none") && !type.equals("list")) {
            throw new BrokerException("cannot " + what + ": the key '" + queue + "' of the Redis server " + name()
                    + " holds a " + type + ", and a queue is a list under its name; choose another name for the"
                    + " queue, or remove the key");
        }
    }

    /// Does something with a connection.
    <T> T call(String what, Function<RedisClient, T> work) {
        try {
            return work.apply(client);
        } catch (JedisException e) {
            if (e instanceof JedisConnectionException) {
                connections.suspect();
            }
            throw explain(what, e);
        }
    }

    /// A connection of the caller's own.
    Watch watch() {
        return Watch.open(address, watching);
    }

    BrokerException explain(String what, JedisException e) {
        return new BrokerException("cannot " + what + ": the Redis server " + name() + " says " + said(e) + fix(e), e);
    }

    /// A pool says only that it has no connection; why stands below.
    private static String said(JedisException e) {
        Throwable cause = e;
        while (String.valueOf(cause.getMessage()).startsWith("Could not get a resource") && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private String fix(JedisException e) {
        String said = said(e);
        if (e instanceof JedisAccessControlException) {
            return "; docs/protocol/redis.md says what the user of tasks.redis.url must be allowed to do";
        }
        if (said.contains("WRONGTYPE")) {
            return "; a queue is a list under its name: remove what is there, or choose another name for the queue";
        }
        if (said.startsWith("Failed to connect")) {
            return "; is it running there?";
        }
        if (said.startsWith("Unexpected end of stream") || said.contains("Read timed out")) {
            return watching.getSslOptions() != null
                    ? "; is it a Redis server, and does it speak TLS there (rediss://)?"
                    : "; is it a Redis server, and without TLS there (redis://)?";
        }
        if (said.contains("DB index is out of range")) {
            return "; the server has no database " + watching.getDatabase() + ", which is the number at the end of"
                    + " tasks.redis.url";
        }
        return "";
    }

    @Override
    public void close() {
        client.close();
    }
}
