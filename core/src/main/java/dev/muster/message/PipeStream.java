package dev.muster.message;

import dev.muster.PipeClosedException;
import dev.muster.PipeType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bytes of a pipe after its handshake: pieces, each a length of four bytes and so many bytes. The length 0 says
/// that nothing more will come.
///
/// **Threads:** one reads at a time, guarded by its caller; writers wait for each other. **Lifetime:** whoever has it
/// closes it. **Failure:** an end of the socket is the end of what comes.
final class PipeStream {
    /// Waits for as long as it takes.
    static final long FOR_EVER = Long.MAX_VALUE;

    static final int LONGEST_READ = 64 << 10;
    private static final int BUFFER = LONGEST_READ + Integer.BYTES;

    private final SocketChannel channel;
    private final PipeType type;
    private final int maxSize;
    private final String name;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final ReentrantLock writing = new ReentrantLock();
    private final Eagerness room = new Eagerness();
    private @Nullable Selector writable;
    private boolean ended;
    private boolean said;
    private boolean eof;
    private byte @Nullable [] message;
    private int filled;
    /// Bytes of the present piece of a STREAM that have not come.
    private int left;

    /// @param channel that does not block
    /// @param name of the pipe, for messages
    PipeStream(SocketChannel channel, PipeType type, int maxSize, String name) {
        this.channel = channel;
        this.type = type;
        this.maxSize = maxSize;
        this.name = name;
    }

    SocketChannel channel() {
        return channel;
    }

    /// Whether nothing comes any more.
    boolean ended() {
        return ended;
    }

    /// Whether the other end has said that it writes no more, rather than being gone.
    boolean said() {
        return said;
    }

    /// Whether it was closed at this end, also by a write that ended in the middle.
    boolean closedHere() {
        return !channel.isOpen();
    }

    // ---- reading

    /// What is there, without waiting; null if nothing is, or nothing whole.
    ///
    /// @throws IOException if the bytes make no sense
    byte @Nullable [] poll() throws IOException {
        while (true) {
            byte[] found = type == PipeType.DATAGRAM ? datagram() : stream();
            if (found != null || ended) {
                return found;
            }
            int count = receive();
            if (count <= 0) {
                ended = eof;
                return null;
            }
        }
    }

    /// Whether the other end is gone and has left nothing unread; looks at the socket.
    boolean gone() {
        if (!eof && !in.hasRemaining()) {
            int _ = receive();
        }
        return eof && !in.hasRemaining();
    }

    private int receive() {
        in.compact();
        int count = -1;
        try {
            count = channel.read(in);
        } catch (IOException _) {
            // Reset, or closed by this process: the end as well.
        } finally {
            in.flip();
        }
        eof |= count < 0;
        return count;
    }

    private byte @Nullable [] stream() throws IOException {
        if (left == 0 && !begin()) {
            return null;
        }
        int piece = Math.min(left, in.remaining());
        if (piece == 0) {
            return null;
        }
        byte[] bytes = new byte[piece];
        in.get(bytes);
        left -= piece;
        return bytes;
    }

    private byte @Nullable [] datagram() throws IOException {
        byte[] whole = message;
        if (whole == null) {
            if (!begin()) {
                return null;
            }
            whole = new byte[left];
            message = whole;
            filled = 0;
        }
        int piece = Math.min(left, in.remaining());
        in.get(whole, filled, piece);
        filled += piece;
        left -= piece;
        if (left > 0) {
            return null;
        }
        message = null;
        return whole;
    }

    /// Reads the length of the next piece.
    private boolean begin() throws IOException {
        if (in.remaining() < Integer.BYTES) {
            return false;
        }
        int length = in.getInt();
        if (length < 0 || type == PipeType.DATAGRAM && length > maxSize) {
            throw new IOException("a piece of %d bytes, legal are 0 to %d".formatted(length, maxSize));
        }
        if (length == 0) {
            ended = true;
            said = true;
            return false;
        }
        left = length;
        return true;
    }

    // ---- writing

    /// Writes one piece.
    ///
    /// @param deadline instant until which it may wait, or [#FOR_EVER]
    /// @return false if nothing of it was written in time
    /// @throws PipeClosedException if the other end is closed, or this end was closed because a part was written
    ///     and the rest not in time, or not before the thread was interrupted
    /// @throws IllegalStateException if the thread is interrupted while there is no room; nothing was written
    boolean write(byte[] data, long deadline) {
        if (!lock(writing, deadline)) {
            return false;
        }
        try {
            out.clear().putInt(data.length);
            int from = 0;
            boolean begun = false;
            while (true) {
                int piece = Math.min(out.remaining(), data.length - from);
                out.put(data, from, piece);
                from += piece;
                out.flip();
                long full = room.begin();
                while (out.hasRemaining()) {
                    int count = channel.write(out);
                    begun |= count > 0;
                    if (count > 0) {
                        full = room.begin();
                    } else if (begun && Thread.currentThread().isInterrupted()) {
                        throw brokenOff("this thread was interrupted", data.length);
                    } else if (!awaitRoom(full, deadline)) {
                        if (begun) {
                            throw brokenOff("the other end did not read on in time", data.length);
                        }
                        return false;
                    }
                }
                if (from == data.length) {
                    return true;
                }
                out.clear();
            }
        } catch (IOException e) {
            throw closed(e);
        } finally {
            writing.unlock();
        }
    }

    /// What follows could not be told from the rest of what was begun.
    private PipeClosedException brokenOff(String why, int length) {
        close();
        return new PipeClosedException(name + " is closed: " + why + " in the middle of " + length + " bytes");
    }

    /// Says that nothing more comes from here.
    ///
    /// @throws PipeClosedException if the other end is closed
    /// @throws IllegalStateException as [#write]
    void end() {
        boolean _ = write(Frame.NOTHING, FOR_EVER);
    }

    /// @param full the instant at which there was room for the last time
    /// @return false if there is none in time
    private boolean awaitRoom(long full, long deadline) throws IOException {
        refuseInterrupted("there is room in " + name + "; nothing of it was written");
        if (room.looksAgain(full)) {
            return true;
        }
        Selector selector = writable;
        if (selector == null) {
            selector = Selector.open();
            writable = selector;
            var _ = channel.register(selector, SelectionKey.OP_WRITE);
        }
        int _ = selector.select(_ -> {}, millisUntil(deadline));
        room.slept(full);
        return deadline == FOR_EVER || deadline - System.nanoTime() > 0;
    }

    /// Ends a wait: a selector does not sleep for a thread that is interrupted. It stays interrupted.
    ///
    /// @param until what is waited for
    static void refuseInterrupted(String until) {
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted while waiting until " + until);
        }
    }

    /// Milliseconds for a selector: 0 for ever, else at least 1.
    static long millisUntil(long deadline) {
        return deadline == FOR_EVER
                ? 0
                : Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime() + 999_999));
    }

    static long deadlineIn(Duration wait) {
        long nanos;
        try {
            nanos = wait.toNanos();
        } catch (ArithmeticException _) {
            return wait.isNegative() ? System.nanoTime() : FOR_EVER;
        }
        return nanos >= FOR_EVER / 2 ? FOR_EVER : System.nanoTime() + Math.max(0, nanos);
    }

    /// Takes the lock of those who read, or of those who write, if it is free in time.
    ///
    /// @param deadline instant until which to wait, or [#FOR_EVER]
    /// @throws IllegalStateException if the thread is interrupted and must wait; it stays interrupted
    static boolean lock(ReentrantLock lock, long deadline) {
        try {
            long nanos = deadline == FOR_EVER ? FOR_EVER : Math.max(0, deadline - System.nanoTime());
            return lock.tryLock() || lock.tryLock(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another thread of this process was at the pipe", e);
        }
    }

    PipeClosedException closed(IOException why) {
        return new PipeClosedException(name + " is closed: "
                + (channel.isOpen() ? "the other end has ended (" + why.getMessage() + ")" : "this end was closed"));
    }

    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is closed either way.
        }
        Selector selector = writable;
        if (selector != null) {
            selector.wakeup();
        }
    }

    /// Frees what waits for room. After [#close], when nobody writes any more.
    void free() {
        writing.lock();
        try {
            if (writable != null) {
                writable.close();
            }
        } catch (IOException _) {
            // Nothing can be done about it.
        } finally {
            writing.unlock();
        }
    }

    /// Refuses what cannot be written.
    static void check(byte[] data, PipeType type, int maxSize, String name) {
        if (data.length == 0) {
            throw new IllegalArgumentException("cannot write nothing to " + name + ": at least 1 byte");
        }
        if (type == PipeType.DATAGRAM && data.length > maxSize) {
            throw new IllegalArgumentException("cannot write " + data.length + " bytes to " + name
                    + ": a message of a DATAGRAM pipe has at most " + maxSize + " (messages.maxSize); use a STREAM");
        }
    }
}
