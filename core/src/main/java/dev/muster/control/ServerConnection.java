package dev.muster.control;

import dev.muster.os.Fd;
import dev.muster.os.Peer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One client of the [ControlLoop], which owns its descriptor and reader; the queue is shared with all who send.
final class ServerConnection implements ControlServer.Connection {
    /// While all queues together are longer than this, a single one may have only SMALL_QUEUE.
    private static final long ALL_QUEUES = 16L << 20;

    private static final int SMALL_QUEUE = 64 << 10;

    final int fd;
    final FrameReader reader = new FrameReader(MessageType.Direction.TO_MASTER);
    /// The loop's: nanoTime at which the connection is closed if nothing happens; 0 for never.
    long deadline;
    /// The loop's: it is being closed, and has until the deadline to take its last messages.
    boolean leaving;
    /// The loop's: what it waits for on the descriptor.
    int interest;

    private final Peer peer;
    private final ControlLoop loop;
    private final AtomicLong allQueued;
    private final Deque<ByteBuffer> queue = new ArrayDeque<>();
    private volatile @Nullable Object attachment;
    private long queued;
    private boolean overflowed;
    private boolean closing;
    private boolean muted;

    ServerConnection(int fd, Peer peer, ControlLoop loop, AtomicLong allQueued) {
        this.fd = fd;
        this.peer = peer;
        this.loop = loop;
        this.allQueued = allQueued;
    }

    @Override
    public long pid() {
        return peer.pid();
    }

    @Override
    public int uid() {
        return peer.uid();
    }

    @Override
    public void send(Message message) {
        ByteBuffer frame = FrameCodec.encode(message);
        synchronized (this) {
            if (closing || overflowed) {
                return;
            }
            long length = queued + frame.remaining();
            if (length > ControlServer.QUEUE_BYTES || length > SMALL_QUEUE && allQueued.get() > ALL_QUEUES) {
                overflowed = true;
            } else {
                queue.add(frame);
                queued = length;
                allQueued.addAndGet(frame.remaining());
            }
        }
        loop.changed(this);
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            muted = false;
        }
        loop.changed(this);
    }

    @Override
    public void attach(@Nullable Object value) {
        attachment = value;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    synchronized boolean closing() {
        return closing;
    }

    /// From now on nothing is read or sent, until the listener closes the connection or the other side ends.
    synchronized void mute() {
        muted = true;
    }

    synchronized boolean muted() {
        return muted;
    }

    /// What waits in the queue although there is no room for more; 0 if there was room for everything.
    synchronized long overflow() {
        return overflowed ? Math.max(1, queued) : 0;
    }

    /// Writes what the kernel takes.
    ///
    /// @param out a direct buffer for passage
    /// @return true if nothing is left
    synchronized boolean flush(ByteBuffer out) {
        while (true) {
            ByteBuffer frame = queue.peek();
            if (frame == null) {
                return true;
            }
            int piece = Math.min(frame.remaining(), out.capacity());
            out.clear().put(0, frame, frame.position(), piece).limit(piece);
            int written = Fd.write(fd, out);
            frame.position(frame.position() + written);
            drop(written);
            if (written < piece) {
                return false;
            }
            if (!frame.hasRemaining()) {
                var _ = queue.remove();
            }
        }
    }

    /// Forgets the queue: nothing is sent any more.
    synchronized void abandon() {
        closing = true;
        queue.clear();
        drop(queued);
    }

    private void drop(long bytes) {
        queued -= bytes;
        allQueued.addAndGet(-bytes);
    }
}
