package dev.muster.server;

import dev.muster.config.Settings;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bodies of requests: read within their limits of size and time, or refused.
///
/// **Threads:** the event loop.
final class Bodies {
    private static final Logger LOG = LoggerFactory.getLogger("dev.muster.server");
    private static final byte[] EMPTY = new byte[0];
    private static final String CONTINUE = "100-continue";

    private final Vertx vertx;
    private final long most;
    private final long patienceMillis;

    /// @param patienceMillis how long one may take to come
    Bodies(Vertx vertx, Settings settings, long patienceMillis) {
        this.vertx = vertx;
        this.patienceMillis = patienceMillis;
        most = settings.bytes("server.maxBody");
    }

    /// Reads one as a whole.
    ///
    /// @param then told what it is, empty if there is none; not told if the request is refused, or its client gone
    void read(HttpServerRequest request, Passage passage, Consumer<byte[]> then) {
        if (!has(request)) {
            then.accept(EMPTY);
            return;
        }
        if (announced(request) > most) {
            passage.refuse(Refusal.tooLarge(most));
            return;
        }
        // Not before: who is refused must not send it.
        if (CONTINUE.equalsIgnoreCase(request.getHeader("Expect")) && request.version() != HttpVersion.HTTP_1_0) {
            var _ = request.response().writeContinue();
        }
        Buffer body = Buffer.buffer();
        await(request, passage);
        request.exceptionHandler(thrown -> unread(request, passage, thrown));
        request.handler(part -> {
            if (body.length() + (long) part.length() > most) {
                passage.refuse(Refusal.tooLarge(most));
            } else {
                body.appendBuffer(part);
            }
        });
        request.endHandler(_ -> {
            if (!request.response().ended()) {
                then.accept(body.getBytes());
            }
        });
    }

    /// Refuses one that somebody else reads if it does not come in time: no handler waits for it yet, so it is no
    /// hang.
    void await(HttpServerRequest request, Passage passage) {
        if (!has(request)) {
            return;
        }
        long timer = vertx.setTimer(patienceMillis, _ -> {
            if (!request.isEnded()) {
                passage.refuse(Refusal.late(patienceMillis));
            }
        });
        passage.onGone(() -> vertx.cancelTimer(timer));
    }

    /// One cannot be read. If that is because its client has sent something else, or is gone, nobody here is to
    /// look into it.
    ///
    /// @return whether it is so
    static boolean unread(HttpServerRequest request, Passage passage, Throwable thrown) {
        boolean wrong = thrown instanceof DecoderException || thrown instanceof IllegalArgumentException;
        boolean gone = thrown instanceof IOException
                || thrown instanceof HttpClosedException
                || thrown instanceof StreamResetException;
        if (wrong || gone) {
            LOG.debug("the body of request {} cannot be read", passage.id(), thrown);
        }
        if (wrong) {
            passage.refuse(Refusal.unreadable(request.isExpectMultipart() ? "Content-Type" : "Transfer-Encoding"));
        }
        return wrong || gone;
    }

    private static boolean has(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2
                ? !request.isEnded()
                : request.headers().contains("Content-Length")
                        || request.headers().contains("Transfer-Encoding");
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
