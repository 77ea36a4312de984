package dev.muster.message;

import dev.muster.Pipe;
import dev.muster.PipeClosedException;
import dev.muster.PipeType;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The outer end of a pipe.
///
/// **Threads, lifetime, failure:** as [Pipe] says.
final class HeldPipe implements Pipe {
    private final int slot;
    private final PipeType type;
    private final int maxSize;
    private final PipeStream stream;
    private final Selector readable;
    private final ReentrantLock reading = new ReentrantLock();
    private final Eagerness eagerness = new Eagerness();
    private volatile boolean closed;
    private volatile boolean quiet;

    /// @param channel whose handshake is over
    HeldPipe(int slot, PipeType type, int maxSize, SocketEnd channel) throws IOException {
        this.slot = slot;
        this.type = type;
        this.maxSize = maxSize;
        this.stream = new PipeStream(channel.channel(), type, maxSize, name());
        this.readable = channel.readable();
    }

    /// A socket, and a selector that waits for what it brings.
    record SocketEnd(SocketChannel channel, Selector readable) {
        static SocketEnd of(SocketChannel channel) throws IOException {
            Selector readable = Selector.open();
            var _ = channel.register(readable, SelectionKey.OP_READ);
            return new SocketEnd(channel, readable);
        }

        void close() {
            try (channel;
                    readable) {
                // Closed by leaving.
            } catch (IOException _) {
                // They are closed either way.
            }
        }
    }

    private String name() {
        return "the pipe of slot " + slot;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public PipeType type() {
        return type;
    }

    @Override
    public void write(byte[] data) {
        boolean _ = write(data, PipeStream.FOR_EVER);
    }

    @Override
    public void write(String text) {
        write(Utf8.bytes(text));
    }

    @Override
    public boolean write(byte[] data, Duration wait) {
        return write(data, PipeStream.deadlineIn(wait));
    }

    private boolean write(byte[] data, long deadline) {
        PipeStream.check(data, type, maxSize, name());
        if (quiet) {
            throw new PipeClosedException(name() + " is closed for writing: closeWrite() was called");
        }
        return stream.write(data, deadline);
    }

    @Override
    public byte[] read() {
        byte[] data = read(PipeStream.FOR_EVER);
        if (data == null) {
            throw new IllegalStateException("a wait for ever has ended");
        }
        return data;
    }

    @Override
    public Optional<byte[]> read(Duration wait) {
        return Optional.ofNullable(read(PipeStream.deadlineIn(wait)));
    }

    private byte @Nullable [] read(long deadline) {
        if (!PipeStream.lock(reading, deadline)) {
            return null;
        }
        try {
            long since = eagerness.begin();
            while (true) {
                byte[] data = stream.poll();
                if (data != null) {
                    return data;
                }
                if (stream.ended()) {
                    throw new PipeClosedException(name()
                            + (closed || stream.closedHere()
                                    ? " was closed here"
                                    : " says nothing more: "
                                            + (stream.said()
                                                    ? "its process writes no more"
                                                    : "its process has ended, or stops")));
                }
                if (deadline != PipeStream.FOR_EVER && deadline - System.nanoTime() <= 0) {
                    return null;
                }
                PipeStream.refuseInterrupted("something comes from " + name() + "; what comes can be read later");
                if (!eagerness.looksAgain(since)) {
                    int _ = readable.select(_ -> {}, PipeStream.millisUntil(deadline));
                    eagerness.slept(since);
                }
            }
        } catch (IOException e) {
            throw stream.closed(e);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void closeWrite() {
        if (!quiet) {
            quiet = true;
            try {
                stream.end();
            } catch (PipeClosedException e) {
                throw e;
            } catch (IllegalStateException e) {
                // Interrupted before it was said.
                quiet = false;
                throw e;
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stream.close();
        readable.wakeup();
        stream.free();
        reading.lock();
        try {
            readable.close();
        } catch (IOException _) {
            // It is closed either way.
        } finally {
            reading.unlock();
        }
    }
}
