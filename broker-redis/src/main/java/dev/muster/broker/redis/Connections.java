package dev.muster.broker.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.pool2.PooledObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/// Makes the connections of the pool, and tries one before it is used again that may have been cut off meanwhile. A
/// call over such a connection would fail although the server is there, and nobody could tell whether it was carried
/// out.
///
/// **Threads:** safe for use by many threads.
final class Connections extends ConnectionFactory {
    /// In nanoseconds. No server ends and comes again in a shorter time, and who works without a pause pays
    /// nothing.
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(5);

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
        return last != null && System.nanoTime() - last < FRESH || super.validateObject(pooled);
    }

    @Override
    public void destroyObject(PooledObject<Connection> pooled) throws Exception {
        used.remove(pooled.getObject());
        super.destroyObject(pooled);
    }
}
