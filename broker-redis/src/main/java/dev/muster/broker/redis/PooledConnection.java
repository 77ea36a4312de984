package dev.muster.broker.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/// A connection that can be asked, without a word to the server, whether the server has hung up.
///
/// **Threads:** one at a time.
final class PooledConnection extends Connection {
    private final @Nullable Channel channel;
    private long usedAt = System.nanoTime();

    private PooledConnection(JedisSocketFactory sockets, JedisClientConfig config) {
        super(sockets, config);
        channel = sockets instanceof Channel own ? own : null;
    }

    static PooledConnection open(HostAndPort address, JedisClientConfig config) {
        boolean encrypted = config.isSsl() || config.getSslOptions() != null;
        return new PooledConnection(
                encrypted ? new DefaultJedisSocketFactory(address, config) : new Channel(address, config), config);
    }

    void used() {
        usedAt = System.nanoTime();
    }

    /// As `System.nanoTime()`.
    long usedAt() {
        return usedAt;
    }

    long idleNanos() {
        return System.nanoTime() - usedAt;
    }

    /// Whether nothing speaks against it: the server has neither hung up nor said what nobody has asked for. False
    /// also for an encrypted connection, which cannot be looked at.
    boolean looksOpen() {
        return channel != null && channel.looksOpen();
    }

    /// Makes the socket, and keeps the channel behind it.
    private static final class Channel implements JedisSocketFactory {
        private final HostAndPort address;
        private final JedisClientConfig config;
        private @Nullable SocketChannel open;

        Channel(HostAndPort address, JedisClientConfig config) {
            this.address = address;
            this.config = config;
        }

        @Override
        public Socket createSocket() {
            JedisConnectionException failure =
                    new JedisConnectionException("Failed to connect to " + address.getHost() + ":" + address.getPort());
            try {
                for (InetAddress each : InetAddress.getAllByName(address.getHost())) {
                    try {
                        return connect(new InetSocketAddress(each, address.getPort()));
                    } catch (IOException e) {
                        failure.addSuppressed(e);
                    }
                }
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }

        private Socket connect(InetSocketAddress to) throws IOException {
            SocketChannel fresh = SocketChannel.open();
            try {
                fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
                fresh.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                fresh.socket().connect(to, config.getConnectionTimeoutMillis());
                fresh.socket().setSoTimeout(config.getSocketTimeoutMillis());
                open = fresh;
                return fresh.socket();
            } catch (IOException e) {
                fresh.close();
                throw e;
            }
        }

        boolean looksOpen() {
            SocketChannel channel = open;
            if (channel == null || !channel.isOpen()) {
                return false;
            }
            try {
                channel.configureBlocking(false);
                boolean silent = channel.read(ByteBuffer.allocate(1)) == 0;
                channel.configureBlocking(true);
                return silent;
            } catch (IOException _) {
                // Reset by the other end.
                return false;
            }
        }
    }
}
