package dev.muster.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One end of a connection for messages.
///
/// **Threads:** reading on the thread of the loop; [#send] and [#close] from any. **Failure:** [#closed] is called
/// once, on the thread of the loop, whatever ends the connection.
abstract class Connection implements PostLoop.Watcher, FrameInput.Sink {
    /// No frame is longer: the highest value of `messages.maxSize`.
    static final int LONGEST_PAYLOAD = 64 << 20;

    final PostLoop loop;
    final SocketChannel channel;
    private final FrameInput input = new FrameInput(this);
    private final FrameOutput output;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean open = true;
    private volatile @Nullable SelectionKey key;

    Connection(PostLoop loop, SocketChannel channel, long outputLimit) {
        this.loop = loop;
        this.channel = channel;
        this.output = new FrameOutput(channel, outputLimit);
    }

    /// Whoever is at the other end is gone.
    ///
    /// @param why for people
    abstract void closed(String why);

    FrameInput input() {
        return input;
    }

    FrameOutput output() {
        return output;
    }

    boolean open() {
        return open;
    }

    /// Begins to read.
    void watch() {
        loop.execute(() -> {
            try {
                key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
                flush();
            } catch (ClosedChannelException e) {
                failed(e);
            }
        });
    }

    /// Writes a frame, now as far as the socket takes it.
    ///
    /// @return false if too much waits to be written already, or the connection has ended: it is not written then
    boolean send(Frame frame) {
        if (!open || !output.add(frame)) {
            return false;
        }
        flush();
        return true;
    }

    /// Adds a frame that goes out with the next flush.
    ///
    /// @return false as in [#send]
    boolean enqueue(Frame frame) {
        return open && output.add(frame);
    }

    void flush() {
        try {
            if (!output.flush()) {
                watchWrites(true);
            }
        } catch (IOException e) {
            loop.execute(() -> failed(e));
        } catch (RuntimeException | Error e) {
            // If that fails as well, whoever writes next is told that the output is broken.
            loop.execute(() -> failed(new IOException("an error in this process: " + e, e)));
            throw e;
        }
    }

    private void watchWrites(boolean wanted) {
        if (!loop.here()) {
            loop.execute(() -> watchWrites(wanted));
            return;
        }
        SelectionKey now = key;
        try {
            if (now != null) {
                int _ = now.interestOpsAnd(SelectionKey.OP_READ);
                int _ = wanted ? now.interestOpsOr(SelectionKey.OP_WRITE) : 0;
            }
        } catch (CancelledKeyException _) {
            // Closed meanwhile.
        }
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (ready.isWritable() && output.flush()) {
            watchWrites(false);
        }
        if (ready.isReadable()) {
            ByteBuffer in = loop.in.clear();
            int count = channel.read(in);
            if (count < 0) {
                failed(new IOException("the other end was closed"));
                return;
            }
            input.read(in.flip());
            if (open) {
                flush();
            }
        }
    }

    @Override
    public void failed(IOException why) {
        end(String.valueOf(why.getMessage()));
    }

    /// Closes it, after what waits has been written as far as the socket takes it.
    void close() {
        loop.execute(() -> {
            try {
                boolean _ = output.flush();
            } catch (IOException _) {
                // It is closed all the same.
            }
            end("closed by this process");
        });
    }

    /// The socket goes to somebody else: nothing of this connection touches it any more.
    void handOver() {
        open = false;
        boolean _ = ended.getAndSet(true);
        SelectionKey now = key;
        if (now != null) {
            now.cancel();
        }
    }

    private void end(String why) {
        if (ended.getAndSet(true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
        // After the close: what is not written when somebody sees this will never be.
        open = false;
        closed(why);
    }
}
