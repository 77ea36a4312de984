package dev.muster.message;

import dev.muster.MessageException.Reason;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A connection that somebody has made to this process, to send it messages or to hold its pipe.
///
/// **Threads:** the loop's; answers to tasks from any.
final class Incoming extends Connection {
    static final long MAGIC = 0x4D55535445524D53L;
    static final int HELLO_LENGTH = Long.BYTES + 1;
    static final byte FOR_MESSAGES = 1;
    static final byte FOR_PIPE = 2;
    static final byte FOR_CONNECTIONS = 3;

    /// The process that is connected to.
    interface Office {
        /// Why it takes no message, or no task, or nothing so long; null if it does.
        @Nullable
        Refusal refusal(FrameKind kind, int length);

        Inbox inbox();

        /// Its slot.
        int slot();

        /// What [FrameKind#WELCOME] says.
        byte[] welcome();

        /// Hands the socket over as the pipe of this process.
        ///
        /// @return null if it was taken, else why not
        @Nullable
        Refusal pipe(SocketChannel channel, int holder, long request);

        void left(Incoming connection);
    }

    private final Office office;
    private boolean known;
    private @Nullable Refusal refused;

    Incoming(PostLoop loop, SocketChannel channel, Office office, long outputLimit) {
        super(loop, channel, outputLimit);
        this.office = office;
    }

    @Override
    public boolean begins(Frame.Header header) throws FrameException {
        if (!known) {
            if (header.kind() != FrameKind.HELLO || header.length() != HELLO_LENGTH) {
                throw new FrameException("the first frame is a %s of %d bytes, must be HELLO of %d"
                        .formatted(header.kind(), header.length(), HELLO_LENGTH));
            }
            return true;
        }
        if (header.kind() != FrameKind.MESSAGE && header.kind() != FrameKind.TASK) {
            throw new FrameException("a %s from a sender, legal are MESSAGE and TASK".formatted(header.kind()));
        }
        if (header.length() > LONGEST_PAYLOAD) {
            throw new FrameException("length=%d, at most %d".formatted(header.length(), LONGEST_PAYLOAD));
        }
        refused = office.refusal(header.kind(), header.length());
        if (refused == null) {
            refused = office.inbox().reserve(header.length());
        }
        return refused == null;
    }

    @Override
    public void comes(Frame.Header header, byte[] payload) throws FrameException {
        if (!known) {
            hello(header, ByteBuffer.wrap(payload));
            return;
        }
        int source = header.source();
        long request = header.request();
        Letter.Answer answer = header.kind() == FrameKind.TASK
                ? (kind, result) -> answer(new Frame(kind, office.slot(), request, result), true)
                : null;
        if (office.inbox().add(new Letter(source, request, payload, answer))) {
            answer(new Frame(FrameKind.ACCEPTED, office.slot(), request, Frame.NOTHING), false);
        } else {
            refuse(request, new Refusal(Reason.LEAVING, "its process is about to end"));
        }
    }

    @Override
    public void passed(Frame.Header header) {
        Refusal why = refused;
        if (why != null) {
            refuse(header.request(), why);
        }
    }

    private void hello(Frame.Header header, ByteBuffer payload) throws FrameException {
        long magic = payload.getLong();
        byte purpose = payload.get();
        if (magic != MAGIC || purpose != FOR_MESSAGES && purpose != FOR_PIPE) {
            throw new FrameException(
                    "magic=%016x purpose=%d, legal are magic=%016x purpose=1 or 2".formatted(magic, purpose, MAGIC));
        }
        known = true;
        if (purpose == FOR_MESSAGES) {
            answer(new Frame(FrameKind.WELCOME, office.slot(), header.request(), office.welcome()), false);
            return;
        }
        Refusal why = office.pipe(channel, header.source(), header.request());
        if (why == null) {
            handOver();
            office.left(this);
        } else {
            refuse(header.request(), why);
        }
    }

    private void refuse(long request, Refusal why) {
        answer(new Frame(FrameKind.REFUSED, office.slot(), request, why.bytes()), false);
    }

    private void answer(Frame frame, boolean now) {
        boolean taken = now ? send(frame) : enqueue(frame);
        if (!taken && open()) {
            // It does not read its answers: whoever waits there hears of the end of the connection.
            close();
        }
    }

    @Override
    void closed(String why) {
        Frame.Header unfinished = input().unfinished();
        if (known && unfinished != null && input().wanted()) {
            office.inbox().release(unfinished.length());
        }
        office.left(this);
    }
}
