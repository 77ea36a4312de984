package dev.muster.server;

import dev.muster.WebResponse;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An answer on its way.
final class Answer implements WebResponse {
    private static final int LOWEST_STATUS = 200;
    private static final int HIGHEST_STATUS = 599;
    private static final long LOOK_MILLIS = 500;
    /// So much at a time, so that little waits for a slow client, and it is seen that it takes some.
    private static final int SLICE = 16 << 10;

    private final HttpServerResponse response;
    private final Passage passage;
    private final AnnouncedLength length = new AnnouncedLength();
    private volatile boolean events;
    /// Whether it hears of the end of its client.
    private volatile boolean told;
    private volatile @Nullable CountDownLatch waiting;

    Answer(HttpServerResponse response, Passage passage) {
        this.response = response;
        this.passage = passage;
    }

    @Override
    public WebResponse status(int code) {
        if (code < LOWEST_STATUS || code > HIGHEST_STATUS) {
            throw new IllegalArgumentException("status " + code + " cannot be sent; 200 to 599 can");
        }
        unsent("status");
        response.setStatusCode(code);
        return this;
    }

    @Override
    public WebResponse header(String name, String value) {
        unsent("header " + name);
        response.putHeader(name, value);
        return this;
    }

    private void unsent(String what) {
        if (response.headWritten()) {
            throw new IllegalStateException("the " + what + " comes too late: the head of the answer is sent");
        }
    }

    @Override
    public WebResponse write(byte[] part) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("write waits for the client, which an event loop must not; end the answer"
                    + " with one part, or take @NonBlocking away");
        }
        if (over()) {
            return this;
        }
        passage.goesOn();
        if (passage.sendsBody()) {
            length.follows(response, part.length);
        }
        if (!response.headWritten() && !response.headers().contains("Content-Length")) {
            response.setChunked(true);
        }
        int from = 0;
        do {
            int to = Math.min(part.length, from + SLICE);
            // A copy: it is sent later, and the caller may fill its array again.
            response.write(Buffer.buffer(Arrays.copyOfRange(part, from, to)));
            awaitRoom();
            passage.goesOn();
            from = to;
        } while (from < part.length && !over());
        return this;
    }

    /// Waits until the client has taken enough of what was written, or is gone. One that takes nothing for too long
    /// loses its connection: its slowness is no hang of this process.
    private void awaitRoom() {
        if (!over() && response.writeQueueFull() && !told) {
            told = true;
            passage.onGone(this::gone);
        }
        long end = System.nanoTime() + passage.patienceNanos();
        while (!over() && response.writeQueueFull()) {
            CountDownLatch room = new CountDownLatch(1);
            waiting = room;
            response.drainHandler(_ -> room.countDown());
            try {
                boolean moved = !response.writeQueueFull() || room.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (!moved && System.nanoTime() - end > 0) {
                    passage.cut();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a slow client kept the answer waiting");
            }
        }
    }

    /// The client is gone: nobody needs to wait for it.
    private void gone() {
        CountDownLatch room = waiting;
        if (room != null) {
            room.countDown();
        }
    }

    @Override
    public WebResponse write(String part) {
        return write(part.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public WebResponse event(String data) {
        events = true;
        if (!response.headWritten()) {
            response.putHeader("Content-Type", "text/event-stream");
            response.putHeader("Cache-Control", "no-store");
        }
        StringBuilder lines = new StringBuilder();
        data.lines().forEach(line -> lines.append("data: ").append(line).append('\n'));
        if (lines.isEmpty()) {
            lines.append("data:\n");
        }
        return write(lines.append('\n').toString());
    }

    @Override
    public void end() {
        if (!over()) {
            complete(0);
            response.end();
        }
    }

    @Override
    public void end(byte[] last) {
        if (!over()) {
            complete(last.length);
            response.end(wrapped(last));
        }
    }

    /// @param last how many bytes follow
    private void complete(int last) {
        if (passage.sendsBody()) {
            length.follows(response, last);
            length.complete();
        }
    }

    @Override
    public void end(String last) {
        type("text/plain; charset=utf-8");
        end(last.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void json(Object value) {
        byte[] bytes = Json.write(value);
        type("application/json");
        end(bytes);
    }

    private void type(String usual) {
        if (!response.headWritten() && !response.headers().contains("Content-Type")) {
            response.putHeader("Content-Type", usual);
        }
    }

    @Override
    public boolean open() {
        return !over() && !(events && passage.leaving());
    }

    /// Without a copy: an answer may be large.
    private static Buffer wrapped(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }

    private boolean over() {
        return response.ended() || response.closed();
    }
}
