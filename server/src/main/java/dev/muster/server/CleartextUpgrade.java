package dev.muster.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;
import java.util.List;

/// Lets Vert.x see only such upgrades to HTTP/2 as can be carried out. What is none is a request of HTTP/1.1, as a
/// server may take it (RFC 9110, section 7.8); Vert.x would answer it 400, keep the connection, and lose the memory of
/// all that is sent behind it.
///
/// The handler that decodes such upgrades is there only when the first bytes have shown that they are no HTTP/2; so
/// those are passed on one by one.
///
/// **Threads:** the event loop.
final class CleartextUpgrade extends ChannelInboundHandlerAdapter {
    private static final String NAME = "upgradeRules";
    /// As Vert.x calls its handler.
    private static final String DECODER = "h2c";

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ChannelPipeline pipeline = context.pipeline();
        if (message instanceof ByteBuf bytes) {
            while (bytes.isReadable() && pipeline.get(Http1xOrH2CHandler.class) != null) {
                context.fireChannelRead(bytes.readRetainedSlice(1));
            }
            if (pipeline.get(Http1xOrH2CHandler.class) == null) {
                if (pipeline.get(DECODER) != null) {
                    pipeline.addBefore(DECODER, NAME, new FirstRequest());
                }
                pipeline.remove(this);
            }
        }
        context.fireChannelRead(message);
    }

    /// Between the decoder of HTTP/1 and that of upgrades, until the first request is here.
    private static final class FirstRequest extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                if (!possible(request)) {
                    request.headers().remove(HttpHeaderNames.UPGRADE);
                }
                context.pipeline().remove(this);
            }
            context.fireChannelRead(message);
        }

        /// RFC 7540, section 3.2: both words in `Connection`, and one `HTTP2-Settings` that can be decoded.
        private static boolean possible(HttpRequest request) {
            HttpHeaders headers = request.headers();
            List<String> settings = headers.getAll(Http2CodecUtil.HTTP_UPGRADE_SETTINGS_HEADER);
            return !headers.contains(HttpHeaderNames.UPGRADE, Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, true)
                    || request.decoderResult().isSuccess()
                            && headers.getAll(HttpHeaderNames.CONNECTION).size() == 1
                            && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE, true)
                            && headers.containsValue(
                                    HttpHeaderNames.CONNECTION, Http2CodecUtil.HTTP_UPGRADE_SETTINGS_HEADER, true)
                            && settings.size() == 1
                            && HttpUtils.decodeSettings(settings.getFirst()) != null;
        }
    }
}
