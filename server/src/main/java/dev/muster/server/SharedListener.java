package dev.muster.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.spi.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transport of Vert.x, with a server channel over a socket that listens already. Nothing is accepted until
/// [#accepting].
///
/// The socket is never closed: other processes accept from it, and closing a channel that was inherited sends the
/// descriptors 0 to 2 of this process to `/dev/null`.
final class SharedListener implements io.vertx.core.transport.Transport {
    private static final Logger LOG = LoggerFactory.getLogger("dev.muster.server");
    private static final long AGAIN_MILLIS = 1;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final long SETTLE_SECONDS = 10;

    private final Transport nio = io.vertx.core.transport.Transport.NIO.implementation();
    private final ServerSocketChannel listening;
    private final BooleanSupplier leavesNext;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable Channel channel;
    private volatile boolean accepting;
    private volatile Consumer<Channel> onAccept = _ -> {};

    /// @param leavesNext whether the connection that waits is left to another process for now
    SharedListener(ServerSocketChannel listening, BooleanSupplier leavesNext) {
        this.listening = listening;
        this.leavesNext = leavesNext;
    }

    /// Who is told each connection, before anything else knows of it.
    void onAccept(Consumer<Channel> action) {
        onAccept = action;
    }

    /// Whether connections are accepted. Any thread.
    void accepting(boolean accept) {
        accepting = accept;
        Channel open = channel;
        if (open != null) {
            open.config().setAutoRead(accept);
        }
    }

    /// Waits until a connection that was being accepted when [#accepting] was told is known.
    void settle() throws InterruptedException {
        Channel open = channel;
        if (open != null) {
            boolean _ = open.eventLoop().submit(() -> {}).await(SETTLE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public String name() {
        return "shared-listener";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Transport implementation() {
        return new Transport() {
            @Override
            public IoHandlerFactory ioHandlerFactory() {
                return nio.ioHandlerFactory();
            }

            @SuppressWarnings("deprecation") // the interface of Vert.x
            @Override
            public DatagramChannel datagramChannel(io.netty.channel.socket.InternetProtocolFamily family) {
                return nio.datagramChannel(family);
            }

            @Override
            public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
                return nio.datagramChannelFactory();
            }

            @Override
            public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
                return nio.channelFactory(domainSocket);
            }

            @Override
            public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
                // The first server is that of the worker; an application may make others, on ports of their own.
                return taken.getAndSet(true) ? nio.serverChannelFactory(domainSocket) : SharedListener.this::open;
            }

            @Override
            public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ratio) {
                return nio.eventLoopGroup(type, threads, factory, ratio);
            }
        };
    }

    private ServerChannel open() {
        SharedChannel shared = new SharedChannel(listening);
        shared.config().setAutoRead(false);
        // One for each time that the kernel wakes the loop: whoever is idle then gets the next.
        var _ = shared.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(1).maxMessagesPerRead(1));
        channel = shared;
        return shared;
    }

    /// For Netty it is closed when it is told so; the socket goes on.
    private final class SharedChannel extends NioServerSocketChannel {
        private volatile boolean over;
        /// Of the loop.
        private long pauseMillis = FIRST_PAUSE_MILLIS;

        SharedChannel(ServerSocketChannel listening) {
            super(listening);
        }

        @Override
        protected void doBind(SocketAddress address) {
            // It is bound, and listens.
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            if (!accepting) {
                // Netty looks again a second after a failed accept, whatever it was told meanwhile.
                return 0;
            }
            if (leavesNext.getAsBoolean()) {
                lookAway(AGAIN_MILLIS);
                return 0;
            }
            int before = accepted.size();
            int count;
            try {
                count = super.doReadMessages(accepted);
                pauseMillis = FIRST_PAUSE_MILLIS;
            } catch (IOException e) {
                LOG.warn(
                        "cannot accept a connection ({}); it waits for another worker, and for this one in {} ms. Has"
                                + " this process too many open files (resources.web.openFiles, ulimit -n)?",
                        e.getMessage(),
                        pauseMillis);
                lookAway(pauseMillis);
                pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
                return 0;
            }
            for (Object channel : accepted.subList(before, accepted.size())) {
                onAccept.accept((Channel) channel);
            }
            return count;
        }

        /// What waits would be found again and again.
        private void lookAway(long millis) {
            config().setAutoRead(false);
            var _ = eventLoop().schedule(() -> config().setAutoRead(accepting), millis, TimeUnit.MILLISECONDS);
        }

        @Override
        protected void doClose() {
            over = true;
        }

        @Override
        public boolean isOpen() {
            return !over && super.isOpen();
        }

        @Override
        public boolean isActive() {
            return !over && super.isActive();
        }
    }
}
