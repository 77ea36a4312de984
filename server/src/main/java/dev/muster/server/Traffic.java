package dev.muster.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Next to the socket of a connection: counts what was handed to it, and hears of a memory that is exhausted while it
/// reads, which Netty tells nobody but the connection.
///
/// **Threads:** the event loop; [#progress()] any, which may see a change a little later.
final class Traffic extends ChannelDuplexHandler {
    private final Channel channel;
    private final Consumer<OutOfMemoryError> exhausted;
    private final AtomicLong handed = new AtomicLong();

    Traffic(Channel channel, Consumer<OutOfMemoryError> exhausted) {
        this.channel = channel;
        this.exhausted = exhausted;
    }

    /// How far a client has come with its answers. While it takes some of them, no two are equal.
    ///
    /// @param handed bytes that were given to the socket
    /// @param waiting bytes of them that it has not taken; whole parts only
    /// @param ofFirst bytes that it has taken of the part that is its turn
    /// @param streams of HTTP/2 that are not over: what its client has no room for waits there, and not here
    record Progress(long handed, long waiting, long ofFirst, int streams) {
        static final Progress NONE = new Progress(0, 0, 0, 0);

        /// Whether there is something that it has not taken.
        boolean owed() {
            return waiting > 0 || streams > 0;
        }
    }

    Progress progress() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        return new Progress(
                handed.get(),
                buffer == null ? 0 : buffer.totalPendingWriteBytes(),
                buffer == null ? 0 : buffer.currentProgress(),
                http2 == null ? 0 : http2.connection().numActiveStreams());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        long bytes = message instanceof ByteBuf part
                ? part.readableBytes()
                : message instanceof FileRegion region ? region.count() : 0;
        // Nobody else writes it.
        handed.setRelease(handed.getPlain() + bytes);
        var _ = context.write(message, promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError memory) {
            exhausted.accept(memory);
        }
        context.fireExceptionCaught(thrown);
    }
}
