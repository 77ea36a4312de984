package dev.muster.message;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A connection that somebody has made to this web worker, to ask about its connections. Each call is answered at once,
/// in the order in which they came; what one read brings is answered with one write.
///
/// **Threads:** the loop's.
final class DeskGuest extends Connection {
    private final DeskDoor desk;
    private boolean known;

    DeskGuest(PostLoop loop, SocketChannel channel, DeskDoor desk, long outputLimit) {
        super(loop, channel, outputLimit);
        this.desk = desk;
    }

    @Override
    public boolean begins(Frame.Header header) throws FrameException {
        if (!known && (header.kind() != FrameKind.HELLO || header.length() != Incoming.HELLO_LENGTH)) {
            throw new FrameException("the first frame is a %s of %d bytes, must be HELLO of %d"
                    .formatted(header.kind(), header.length(), Incoming.HELLO_LENGTH));
        }
        if (known && header.kind() != FrameKind.CALL) {
            throw new FrameException("a %s for a desk, legal is CALL".formatted(header.kind()));
        }
        if (header.length() > DeskCall.LONGEST) {
            throw new FrameException("length=%d, at most %d".formatted(header.length(), DeskCall.LONGEST));
        }
        return true;
    }

    @Override
    public void comes(Frame.Header header, byte[] payload) throws FrameException {
        Frame answer = known ? desk.answer(header.request(), payload) : hello(header, ByteBuffer.wrap(payload));
        if (!enqueue(answer) && open()) {
            // It does not read its answers: whoever waits there hears of the end of the connection.
            close();
        }
    }

    private Frame hello(Frame.Header header, ByteBuffer payload) throws FrameException {
        long magic = payload.getLong();
        byte purpose = payload.get();
        if (magic != Incoming.MAGIC || purpose != Incoming.FOR_CONNECTIONS) {
            throw new FrameException("magic=%016x purpose=%d, legal are magic=%016x purpose=3"
                    .formatted(magic, purpose, Incoming.MAGIC));
        }
        known = true;
        return desk.welcome(header.request());
    }

    @Override
    public void passed(Frame.Header header) {
        throw new IllegalStateException("every call is wanted: " + header);
    }

    @Override
    void closed(String why) {
        desk.left(this);
    }
}
