package dev.muster.control;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The end of a control connection that a child or the command line holds.
///
/// The channel is non-blocking inside, and both methods wait with selectors: an interrupt of a thread that is in a
/// blocking operation of a channel would close the channel, and with it end this process.
///
/// **Threads:** [#send] any, one message after the other; [#receive] one thread at a time; [#close] any. **Lifetime:**
/// closed by whoever connected. **Failure:** the end of the master shows as `EOFException` in [#receive], and as
/// another `IOException` in [#send].
public final class ControlClient implements AutoCloseable {
    private static final int BUFFER = 8192;
    private static final long PAUSE_NANOS = 10_000_000;

    private final SocketChannel channel;
    private final Selector readable;
    private final FrameReader reader = new FrameReader(MessageType.Direction.FROM_MASTER);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).limit(0);
    private final ReentrantLock sending = new ReentrantLock();
    private volatile @Nullable Selector writable;

    private ControlClient(SocketChannel channel, Selector readable) {
        this.channel = channel;
        this.readable = readable;
    }

    /// Connects, and tries again while nobody listens there.
    ///
    /// @param socket path of the control socket
    /// @param wait how long to try; zero for once
    /// @throws IOException what the last attempt said
    public static ControlClient connect(Path socket, Duration wait) throws IOException {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            try {
                return open(socket);
            } catch (IOException e) {
                if (System.nanoTime() - end >= 0) {
                    throw new IOException(
                            "cannot connect to the control socket %s within %d ms: %s; is the application running?"
                                    .formatted(socket, wait.toMillis(), e.getMessage()),
                            e);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while connecting to the control socket " + socket);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /// Sends one message; returns when the kernel has all of it. Waits as long as the other side does not read.
    /// Interrupts are not answered, but kept.
    ///
    /// @throws IllegalArgumentException if the message is too long; nothing is sent then
    public void send(Message message) throws IOException {
        ByteBuffer frame = FrameCodec.encode(message);
        boolean interrupted = false;
        sending.lock();
        try {
            while (true) {
                var _ = channel.write(frame);
                if (!frame.hasRemaining()) {
                    return;
                }
                Selector selector = writable;
                if (selector == null) {
                    selector = Selector.open();
                    // Before it is registered: close() must find every selector that can wait for an open channel.
                    writable = selector;
                    var _ = channel.register(selector, SelectionKey.OP_WRITE);
                }
                // A selector does not wait while the interrupt flag is set.
                interrupted |= Thread.interrupted();
                select(selector);
            }
        } finally {
            sending.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Waits for the next message.
    ///
    /// @throws EOFException if the master has closed the connection or is gone
    /// @throws ProtocolException if it sent something else than a message
    /// @throws InterruptedIOException if the thread was interrupted; nothing is lost, the next call goes on
    public Message receive() throws IOException {
        while (true) {
            Message message = reader.read(in);
            if (message != null) {
                return message;
            }
            in.clear();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                throw new EOFException(
                        reader.inside()
                                ? "the master closed the control connection within a message"
                                : "the master closed the control connection");
            }
            if (count == 0) {
                select(readable);
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while waiting for a message of the master");
                }
            }
        }
    }

    /// Ends the connection. Waiting calls end with an `IOException`.
    @Override
    public void close() throws IOException {
        channel.close();
        readable.close();
        // A sender that waits finds the channel closed when it wakes up; one that comes later never waits.
        Selector selector = writable;
        if (selector != null) {
            selector.close();
        }
    }

    private static ControlClient open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            var _ = channel.connect(UnixDomainSocketAddress.of(socket));
            var _ = channel.configureBlocking(false);
            Selector readable = Selector.open();
            var _ = channel.register(readable, SelectionKey.OP_READ);
            return new ControlClient(channel, readable);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void select(Selector selector) throws IOException {
        try {
            var _ = selector.select(_ -> {});
        } catch (ClosedSelectorException e) {
            var closed = new AsynchronousCloseException();
            closed.initCause(e);
            throw closed;
        }
        if (!channel.isOpen()) {
            throw new AsynchronousCloseException();
        }
    }
}
