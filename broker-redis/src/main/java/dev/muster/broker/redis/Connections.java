package dev.muster.broker.redis;

import java.util.concurrent.TimeUnit;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/// Makes the connections of the pool, and looks at one before it is used again that may have been cut off meanwhile. A
/// call over such a connection would fail although the server is there, and nobody could tell whether it was carried
/// out.
///
/// **Threads:** safe for use by many threads.
final class Connections extends ConnectionFactory {
    /// In nanoseconds. No server ends and comes again in a shorter time, and who works without a pause pays
    /// nothing.
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(5);

    /// In nanoseconds. So long one is believed that looks open, which costs no round trip; what cuts a connection
    /// without telling its ends, a router that forgets it, takes longer.
    private static final long RECENT = TimeUnit.SECONDS.toNanos(10);

    private static final int PING_MILLIS = 1_000;

    private final HostAndPort address;
    private final JedisClientConfig config;
    /// What was used last before this instant must answer before it is used again.
    private volatile long suspectUntil = System.nanoTime();

    Connections(HostAndPort address, JedisClientConfig config) {
        super(address, config);
        this.address = address;
        this.config = config;
    }

    /// A connection has failed: the others may be dead, too.
    void suspect() {
        suspectUntil = System.nanoTime();
    }

    @Override
    public PooledObject<Connection> makeObject() {
        return new DefaultPooledObject<>(PooledConnection.open(address, config));
    }

    @Override
    public void passivateObject(PooledObject<Connection> pooled) throws Exception {
        super.passivateObject(pooled);
        of(pooled).used();
    }

    @Override
    public boolean validateObject(PooledObject<Connection> pooled) {
        PooledConnection connection = of(pooled);
        long idle = connection.idleNanos();
        boolean trusted = connection.usedAt() - suspectUntil > 0;
        return trusted && (idle < FRESH || idle < RECENT && connection.looksOpen()) || answers(pooled);
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

    private static PooledConnection of(PooledObject<Connection> pooled) {
        return (PooledConnection) pooled.getObject();
    }
}
