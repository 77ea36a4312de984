package dev.muster.broker.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.pool2.PooledObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/// Makes the connections of the pool, and tries one before it is used again that may have been cut off meanwhile. A
/// call over such a connection would fail although the server is there, and nobody could tell whether it was carried
/// out.
///
/// **Threads:** safe for use by many threads.
final class Connections extends ConnectionFactory {
    /// In nanoseconds. No server ends and comes again in a shorter time, and who works without a pause pays
    /// nothing.
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int PING_MILLIS = 1_000;

    /// When each was last used, by the clock of this JVM.
    private final Map<Connection, Long> used = new ConcurrentHashMap<>();

    Connections(HostAndPort address, JedisClientConfig config) {
        super(address, config);
    }

    @Override
    public PooledObject<Connection> makeObject() throws Exception {
        PooledObject<Connection> made = super.makeObject();
        used.put(made.getObject(), System.nanoTime());
        return made;
    }

    @Override
    public void passivateObject(PooledObject<Connection> pooled) throws Exception {
        super.passivateObject(pooled);
        used.put(pooled.getObject(), System.nanoTime());
    }

    @Override
    public boolean validateObject(PooledObject<Connection> pooled) {
        Long last = used.get(pooled.getObject());
        return last != null && System.nanoTime() - last < FRESH || answers(pooled);
    }

    /// In a shorter time than a call may take: of connections that died together each costs this much.
    private boolean answers(PooledObject<Connection> pooled) {
        Connection connection = pooled.getObject();
        try {
            int usual = connection.getSoTimeout();
            connection.setSoTimeout(PING_MILLIS);
            boolean answers = super.validateObject(pooled);
            connection.setSoTimeout(usual);
            return answers;
        } catch (JedisException _) {
            // It is broken.
            return false;
        }
    }

    @Override
    public void destroyObject(PooledObject<Connection> pooled) throws Exception {
        used.remove(pooled.getObject());
        super.destroyObject(pooled);
    }
}
