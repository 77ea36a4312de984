package dev.muster.server;

import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/// What a handler has announced by a `Content-Length` of its own. An answer that does not keep to it must not be sent:
/// the client would wait for what never comes, or take the rest for the answer to its next request (RFC 9112, section
/// 6.3).
///
/// **Threads:** one at a time, as [dev.muster.WebResponse].
final class AnnouncedLength {
    private static final long NOTHING = -1;

    private long announced = NOTHING;
    private long sent;

    /// @param response whose head may not be written yet
    /// @param part how many bytes are to follow
    /// @throws IllegalStateException if they are more than announced
    void follows(HttpServerResponse response, int part) {
        if (!response.headWritten()) {
            announced = of(response.headers().get("Content-Length"));
        }
        if (announced != NOTHING && sent + part > announced) {
            throw new IllegalStateException("the answer has " + (sent + part) + " bytes or more, and its Content-Length"
                    + " announces " + announced + "; leave the header out, and it is set where it can be");
        }
        sent += part;
    }

    /// @throws IllegalStateException if fewer bytes than announced were sent
    void complete() {
        if (sent < announced) {
            throw new IllegalStateException(
                    "the answer ends after " + sent + " bytes, and its Content-Length announces " + announced
                            + "; leave the header out, and it is set where it can be");
        }
    }

    private static long of(@Nullable String header) {
        if (header == null) {
            return NOTHING;
        }
        try {
            long bytes = Long.parseLong(header);
            if (bytes >= 0) {
                return bytes;
            }
        } catch (NumberFormatException _) {
            // As one below zero.
        }
        throw new IllegalStateException("the Content-Length of the answer is '" + header
                + "', which is no number of bytes; leave the header out, and it is set where it can be");
    }
}
