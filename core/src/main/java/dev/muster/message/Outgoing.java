package dev.muster.message;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A connection that this process has made to another one: to the one in a slot, to send it messages and tasks, or to
/// a web worker, to ask about its connections.
///
/// **Threads:** [#ask] from any; answers come on the thread of the loop.
final class Outgoing extends Connection {
    static final int WELCOME_LENGTH = 2 * Integer.BYTES;

    /// Something that was sent and is not over.
    interface Pending {
        /// It is in the memory of the receiver.
        void accepted();

        void refused(Refusal why);

        /// The task has ended.
        void result(byte[] result);

        void failed(String why);

        /// The connection has ended.
        ///
        /// @param mayBeReceived false if the receiver has certainly not got it
        void lost(boolean mayBeReceived, String why);

        /// Whether it waits to be accepted longer than it may at this instant; tells its sender.
        boolean overdue(long now);
    }

    /// Whose part of the board tells how busy the process is.
    ///
    /// @param seat its number there
    /// @param life which process it is
    record Seat(int seat, int life) {}

    private record Sent(Frame frame, Pending pending, AtomicBoolean counted) {
        void answered(AtomicInteger unaccepted) {
            if (counted.getAndSet(false)) {
                int _ = unaccepted.decrementAndGet();
            }
        }
    }

    private final int slot;
    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, Sent> sent = new ConcurrentHashMap<>();
    private final AtomicInteger unaccepted = new AtomicInteger();
    private volatile @Nullable Seat seat;
    private volatile int answering = -1;

    /// @param slot that it leads to, or for connections the life of the process
    /// @param purpose as HELLO says it
    Outgoing(PostLoop loop, SocketChannel channel, int slot, byte purpose, int source, long outputLimit) {
        super(loop, channel, outputLimit);
        this.slot = slot;
        ByteBuffer hello = ByteBuffer.allocate(Incoming.HELLO_LENGTH);
        hello.putLong(Incoming.MAGIC).put(purpose);
        boolean _ = enqueue(new Frame(FrameKind.HELLO, source, requests.getAndIncrement(), hello.array()));
    }

    int slot() {
        return slot;
    }

    /// Where it shows how busy it is, null until it has said so.
    @Nullable
    Seat seat() {
        return seat;
    }

    /// The slot of the process when it said its last word, -1 if it has said none.
    int answering() {
        return answering;
    }

    /// How much was sent to it that it has not accepted yet.
    int unaccepted() {
        return unaccepted.get();
    }

    /// Sends.
    ///
    /// @return the frame for [#withdraw]; null if the connection has ended or has no room, and nothing was sent
    @Nullable
    Frame ask(FrameKind kind, int source, byte[] data, Pending pending) {
        long request = requests.getAndIncrement();
        Frame frame = new Frame(kind, source, request, data);
        Sent entry = new Sent(frame, pending, new AtomicBoolean(true));
        sent.put(request, entry);
        int _ = unaccepted.incrementAndGet();
        if (!send(frame)) {
            // Unless the end of the connection has told it already.
            entry.answered(unaccepted);
            return sent.remove(request, entry) ? null : frame;
        }
        if (!open()) {
            lose(request, "the connection has ended");
        }
        return frame;
    }

    /// Nobody waits for the answer any more.
    ///
    /// @return whether it was taken back before anything of it was written
    boolean withdraw(Frame frame) {
        Sent entry = sent.remove(frame.request());
        if (entry != null) {
            entry.answered(unaccepted);
        }
        return output().withdraw(frame);
    }

    /// Tells those whose time is over.
    void attend(long now) {
        for (Map.Entry<Long, Sent> entry : sent.entrySet()) {
            if (entry.getValue().pending().overdue(now)) {
                boolean _ = withdraw(entry.getValue().frame());
            }
        }
    }

    boolean idle() {
        return sent.isEmpty();
    }

    @Override
    public boolean begins(Frame.Header header) throws FrameException {
        if (header.length() > LONGEST_PAYLOAD) {
            throw new FrameException("length=%d, at most %d".formatted(header.length(), LONGEST_PAYLOAD));
        }
        return true;
    }

    @Override
    public void comes(Frame.Header header, byte[] payload) throws FrameException {
        answering = header.source();
        switch (header.kind()) {
            case HELLO, MESSAGE, TASK, CALL ->
                throw new FrameException("a %s from a receiver".formatted(header.kind()));
            case WELCOME -> {
                if (payload.length != WELCOME_LENGTH) {
                    throw new FrameException(
                            "a WELCOME of %d bytes, must be %d".formatted(payload.length, WELCOME_LENGTH));
                }
                ByteBuffer in = ByteBuffer.wrap(payload);
                seat = new Seat(in.getInt(), in.getInt());
            }
            case ACCEPTED -> {
                Sent entry = sent.get(header.request());
                if (entry != null) {
                    entry.answered(unaccepted);
                    if (entry.frame().kind() == FrameKind.MESSAGE) {
                        sent.remove(header.request());
                    }
                    entry.pending().accepted();
                }
            }
            case REFUSED -> {
                Refusal why = Refusal.of(payload);
                Sent entry = sent.remove(header.request());
                if (entry != null) {
                    entry.answered(unaccepted);
                    entry.pending().refused(why);
                }
            }
            case RESULT, FAILED -> {
                Sent entry = sent.remove(header.request());
                if (entry == null) {
                    return;
                }
                entry.answered(unaccepted);
                if (header.kind() == FrameKind.RESULT) {
                    entry.pending().result(payload);
                } else {
                    entry.pending().failed(new String(payload, StandardCharsets.UTF_8));
                }
            }
        }
    }

    @Override
    public void passed(Frame.Header header) {
        throw new IllegalStateException("every answer is wanted: " + header);
    }

    @Override
    void closed(String why) {
        List<Long> all = new ArrayList<>(sent.keySet());
        all.sort(null);
        all.forEach(request -> lose(request, why));
    }

    private void lose(long request, String why) {
        Sent entry = sent.remove(request);
        if (entry != null) {
            entry.answered(unaccepted);
            entry.pending().lost(!output().waits(entry.frame()), why);
        }
    }
}
