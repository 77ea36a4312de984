package dev.muster.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.function.ObjIntConsumer;
import java.util.zip.DataFormatException;

/// Between the frames of a WebSocket and Vert.x, which gets whole messages only: what is too long, also when it is
/// inflated or in many fragments, closes with 1009; a reserved bit with 1002; a text that is no UTF-8 with 1007
/// (RFC 6455, 5.2 and 8.1; RFC 7692).
///
/// **Threads:** the event loop.
final class WholeMessages extends WebSocketFrameAggregator {
    private static final String EXTENSIONS = "webSocketExtensionHandler";
    private static final int PROTOCOL_ERROR = 1002;
    private static final int INVALID_DATA = 1007;
    private static final int TOO_LONG = 1009;
    private static final int USUAL_LEVEL = 6;

    private final ObjIntConsumer<String> violated;
    private boolean over;

    private WholeMessages(int most, ObjIntConsumer<String> violated) {
        super(most);
        this.violated = violated;
    }

    /// Looks at what a WebSocket that was just opened receives.
    ///
    /// @param most bytes of a message
    /// @param violated told why and with which code it is to be closed
    static void of(ServerWebSocket socket, int most, ObjIntConsumer<String> violated) {
        ChannelHandlerContext vertx = ((WebSocketInternal) socket).channelHandlerContext();
        vertx.pipeline()
                .addBefore(vertx.name(), "wholeMessages", new WholeMessages(most, violated))
                .addBefore(vertx.name(), "utf8", new Utf8FrameValidator(true));
    }

    /// Bounds the memory for what a message is inflated to, on a connection that may become a WebSocket.
    static void boundInflation(Channel channel, int most) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(EXTENSIONS) != null) {
            var _ = pipeline.replace(
                    EXTENSIONS,
                    EXTENSIONS,
                    new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(
                            USUAL_LEVEL,
                            true,
                            PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
                            false,
                            false,
                            // The end is found out by one byte more.
                            most + 1)));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof WebSocketFrame frame && !over) {
            if (frame.rsv() != 0) {
                violate(PROTOCOL_ERROR, "a reserved bit is set");
            } else if (frame.content().readableBytes() > maxContentLength()) {
                // One that is whole is not aggregated, and may have been inflated.
                violate(TOO_LONG, "the message is too long");
            }
        }
        if (message instanceof PingWebSocketFrame && !context.channel().isWritable()) {
            // Nobody bounds the answers that wait for one who does not read; RFC 6455, 5.5.3 lets out all but the last.
            ReferenceCountUtil.release(message);
            return;
        }
        if (over && !(message instanceof CloseWebSocketFrame)) {
            ReferenceCountUtil.release(message);
            return;
        }
        super.channelRead(context, message);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, WebSocketFrame oversized) {
        violate(TOO_LONG, "the message is too long");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof DecompressionException) {
                boolean broken = cause.getCause() instanceof DataFormatException;
                violate(broken ? INVALID_DATA : TOO_LONG, broken ? "" : "the message is too long");
                return;
            }
        }
        context.fireExceptionCaught(thrown);
    }

    private void violate(int code, String reason) {
        over = true;
        violated.accept(reason, code);
    }
}
