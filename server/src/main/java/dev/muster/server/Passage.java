package dev.muster.server;

import dev.muster.web.WebHost.Work;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request from its admission to its end: it is over when its answer is, or its client is gone, and no handler is at
/// it any more.
///
/// | state | what it says | [#begins()] | [#handled()] of the last | [#answered()] |
/// |---|---|---|---|---|
/// | OPEN | its body is read, or a route answers it later | HANDLED | | OVER |
/// | HANDLED | handlers are at it | HANDLED | OPEN | ANSWERED |
/// | ANSWERED | no answer is owed any more, but handlers are still at it | ANSWERED | OVER | ANSWERED |
/// | OVER | it is logged, and counts no more | BELATED | | OVER |
/// | BELATED | handlers are at it once more: a route has gone on after the end | BELATED | OVER | BELATED |
///
/// There may be several handlers: one that goes on to the next route is at it until that has returned.
///
/// **Threads:** any.
final class Passage {
    private static final Logger ACCESS = LoggerFactory.getLogger("muster.access");
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final long NO_ERROR = 0;
    /// How long a connection stays after its last answer, so that the client has that before it hears of the end.
    private static final long LAST_MILLIS = 1_000;

    private enum State {
        OPEN,
        HANDLED,
        ANSWERED,
        OVER,
        BELATED;

        State begins() {
            return switch (this) {
                case OPEN, HANDLED -> HANDLED;
                case ANSWERED -> ANSWERED;
                case OVER, BELATED -> BELATED;
            };
        }

        State handled() {
            return owed() ? OPEN : OVER;
        }

        State answered() {
            return switch (this) {
                case OPEN -> OVER;
                case HANDLED -> ANSWERED;
                case ANSWERED, OVER, BELATED -> this;
            };
        }

        /// Whether the client waits for an answer, or for more of it.
        boolean owed() {
            return this == OPEN || this == HANDLED;
        }
    }

    private final Requests requests;
    private final HttpServerRequest request;
    private final @Nullable Client client;
    private final long since;
    private volatile boolean failed;
    /// Whether its answer is to be the last on its connection, if that carries one after the other.
    private volatile boolean last;
    /// Of the thread that looks.
    private long written;
    // All guarded by `this`.
    private State state = State.OPEN;
    /// How many are at it.
    private int handlers;
    private @Nullable Work work;
    private @Nullable String id;
    private @Nullable List<Runnable> gone;

    /// @param client that has sent it, null if it is gone
    Passage(Requests requests, HttpServerRequest request, @Nullable Client client) {
        this.requests = requests;
        this.request = request;
        this.client = client;
        since = requests.logsAccess() ? System.nanoTime() : 0;
        if (client != null) {
            client.begins();
        }
    }

    /// The name of the request: made when somebody wants to know it, which is seldom.
    synchronized String id() {
        String known = id;
        if (known == null) {
            known = requests.idOf(request.headers());
            id = known;
        }
        return known;
    }

    /// It is watched from now on, if it is not.
    synchronized void watch() {
        if (work == null) {
            work = requests.begin(request);
        }
    }

    /// A handler is at it from now on, until [#handled].
    synchronized void begins() {
        if (state == State.OVER) {
            requests.entered();
        }
        watch();
        handlers++;
        state = state.begins();
    }

    /// It makes progress, and has all its time again.
    synchronized void goesOn() {
        if (work != null) {
            work.extend();
        }
    }

    /// How long a client may take nothing of its answer.
    long patienceNanos() {
        return requests.patienceNanos();
    }

    /// A handler has failed.
    void failed() {
        failed = true;
    }

    /// Looked at once a second: is it over, or does it get on?
    ///
    /// The routes may answer later than their handlers return; their answer has begun when its head is written.
    /// What is left then is the client's to take, and no hang. Nor is a body that still comes, which has a limit of
    /// its own.
    void look() {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            // Somebody else's handler may have taken the place of ours.
            answered();
        } else if (response.headWritten() && restIsTheClients()) {
            return;
        } else if (!request.isEnded() || response.bytesWritten() != written) {
            written = response.bytesWritten();
            goesOn();
        }
    }

    /// Whether no handler is at it. It is not watched then until one is.
    private synchronized boolean restIsTheClients() {
        boolean open = state == State.OPEN;
        if (open) {
            endWork();
        }
        return open;
    }

    private synchronized void endWork() {
        Work watched = work;
        if (watched != null) {
            work = null;
            watched.end(failed);
        }
    }

    /// Answers it in place of the application, if nothing is answered yet: the one way out for whatever refuses.
    void refuse(Refusal refusal) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        response.setStatusCode(refusal.status());
        if (refusal.after() == Refusal.After.COME_AGAIN) {
            last = true;
            response.putHeader("Retry-After", "1");
        }
        if (refusal.after() == Refusal.After.END && !request.isEnded()) {
            endUnread(response, refusal.text());
        } else {
            var _ = response.end(refusal.text());
        }
    }

    /// What comes behind the head is not looked at.
    private void endUnread(HttpServerResponse response, String text) {
        boolean streams = request.version() == HttpVersion.HTTP_2;
        last = true;
        if (client != null && !streams) {
            client.refuse();
        }
        request.handler(_ -> {});
        response.end(text).onComplete(_ -> {
            if (streams) {
                // RFC 9113, section 8.1: the client need not send the rest, and keeps the answer.
                var _ = response.reset(NO_ERROR);
            } else {
                requests.later(LAST_MILLIS, () -> request.connection().close());
            }
        });
    }

    /// The head of the answer in HTTP/1 is about to be written. In HTTP/1.0 there are no chunks, so one whose
    /// length is not told lasts until the end of its connection: RFC 9112, section 6.3.
    void head() {
        MultiMap headers = request.response().headers();
        boolean endless = request.version() == HttpVersion.HTTP_1_0 && !headers.contains(HttpHeaders.CONTENT_LENGTH);
        if (endless) {
            onGone(() -> request.connection().close());
        }
        if (endless || last || requests.leaving()) {
            // Vert.x has set what the client of HTTP/1.0 wishes.
            headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            if (client != null) {
                client.last();
            }
        }
    }

    /// Ends the answer in its middle, so that nobody takes a part for the whole: in HTTP/2 its stream, else its
    /// connection.
    void cut() {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else if (client != null) {
            client.cut();
        }
    }

    /// Whether this process is to end.
    boolean leaving() {
        return requests.leaving();
    }

    /// Runs this when the answer is over, or now if it is.
    void onGone(Runnable action) {
        synchronized (this) {
            if (state.owed()) {
                if (gone == null) {
                    gone = new ArrayList<>();
                }
                gone.add(action);
                return;
            }
        }
        action.run();
    }

    /// A handler has returned.
    void handled() {
        boolean belated;
        synchronized (this) {
            handlers--;
            if (handlers > 0) {
                return;
            }
            belated = state == State.BELATED;
            state = state.handled();
            if (state == State.OPEN) {
                return;
            }
            endWork();
        }
        requests.left(this);
        if (!belated) {
            logAccess();
        }
    }

    /// The answer is complete, or the client is gone. May be said more than once.
    void answered() {
        List<Runnable> told;
        boolean over;
        synchronized (this) {
            if (!state.owed()) {
                return;
            }
            state = state.answered();
            over = state == State.OVER;
            told = gone;
            if (over) {
                endWork();
            }
        }
        if (client != null) {
            client.ends();
        }
        if (told != null) {
            told.forEach(Runnable::run);
        }
        if (over) {
            requests.left(this);
            logAccess();
        }
    }

    private void logAccess() {
        if (requests.logsAccess()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
            if (request.version() == HttpVersion.HTTP_2) {
                // Its bytes are counted on the event loop, which may still be about to send them.
                ((HttpServerRequestInternal) request).context().runOnContext(_ -> logAccess(millis));
            } else {
                logAccess(millis);
            }
        }
    }

    private void logAccess(long millis) {
        HttpServerResponse response = request.response();
        ACCESS.info(
                "{} \"{} {}\" {} {} {} ms {}",
                requests.remote(request),
                request.method(),
                // Also that of one that was refused because of it.
                Origin.printed(request.uri()),
                response.getStatusCode(),
                sendsBody() ? response.bytesWritten() : 0,
                millis,
                id());
    }

    /// Whether what is written as the body is sent, RFC 9110, sections 6.4.1 and 9.3.2.
    boolean sendsBody() {
        int status = request.response().getStatusCode();
        return !request.method().equals(HttpMethod.HEAD) && status != NO_CONTENT && status != NOT_MODIFIED;
    }
}
