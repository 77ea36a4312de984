package dev.muster.supervise;

import dev.muster.control.ControlServer.Connection;
import dev.muster.control.FrameCodec;
import dev.muster.control.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection whose other end only listens. What no message can hold is refused, as by a real one.
final class HeardConnection implements Connection {
    final List<Message> heard = new ArrayList<>();
    boolean closed;
    private @Nullable Object attachment;

    @Override
    public long pid() {
        return -1;
    }

    @Override
    public int uid() {
        return 0;
    }

    @Override
    public void send(Message message) {
        assert FrameCodec.encode(message).hasRemaining();
        heard.add(message);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void attach(@Nullable Object value) {
        attachment = value;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    <M extends Message> List<M> all(Class<M> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <M extends Message> M last(Class<M> type) {
        return all(type).getLast();
    }
}
