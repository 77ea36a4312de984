package dev.muster.message;

import dev.muster.MessageException.Reason;
import dev.muster.PipeClosedException;
import dev.muster.PipeType;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The inner end of the pipe of this process, and the messages that others send it: what it reads comes from both.
///
/// **Threads:** safe for use by many threads; readers wait for each other, and so do writers. **Failure:** a holder
/// that is gone is no error for a reader; the next one may come.
public final class ProcessPipe {
    private final PipeType type;
    private final int maxSize;
    private final Inbox inbox;
    private final Selector readable;
    private final ReentrantLock reading = new ReentrantLock();
    private final Eagerness eagerness = new Eagerness();
    private final Object holding = new Object();
    // Guarded by `holding`.
    private @Nullable PipeStream held;
    private int holder;
    private boolean endTaken;
    private volatile boolean quiet;

    ProcessPipe(PipeType type, int maxSize, Inbox inbox) {
        this.type = type;
        this.maxSize = maxSize;
        this.inbox = inbox;
        try {
            readable = Selector.open();
        } catch (IOException e) {
            throw new IllegalStateException("cannot make the pipe of this process: " + e.getMessage(), e);
        }
        inbox.onChange(readable::wakeup);
    }

    /// STREAM or DATAGRAM.
    public PipeType type() {
        return type;
    }

    /// Whether somebody holds the outer end.
    public boolean isHeld() {
        return held() != null;
    }

    private @Nullable PipeStream held() {
        synchronized (holding) {
            return held;
        }
    }

    /// Somebody wants to hold the outer end.
    ///
    /// @return null if it does now, else why not
    @Nullable
    Refusal hold(SocketChannel channel, int by, byte[] welcome, long request, int self) {
        synchronized (holding) {
            PipeStream before = held;
            if (before != null && !gone(before)) {
                return new Refusal(
                        Reason.FULL,
                        "its pipe is held by slot " + holder + ", or what that has written is not read yet; a pipe has"
                                + " one outer end");
            }
            PipeStream fresh = new PipeStream(channel, type, maxSize, "the pipe of this process, slot " + self);
            try {
                Handshake.answer(channel, new Frame(FrameKind.WELCOME, self, request, welcome));
                var _ = channel.register(readable, SelectionKey.OP_READ);
            } catch (ClosedChannelException _) {
                return new Refusal(Reason.LOST, "it was closed meanwhile");
            } catch (IOException e) {
                return new Refusal(Reason.LOST, String.valueOf(e.getMessage()));
            }
            held = fresh;
            holder = by;
            endTaken = false;
            quiet = false;
        }
        readable.wakeup();
        return null;
    }

    /// Whether the holder is gone and has left nothing behind. If somebody reads at this moment, that one sees it.
    private boolean gone(PipeStream stream) {
        if (!reading.tryLock()) {
            return false;
        }
        try {
            if (!stream.gone()) {
                return false;
            }
            held = null;
            shut(stream);
            return true;
        } finally {
            reading.unlock();
        }
    }

    /// Writes to the holder.
    ///
    /// @return false if nobody holds the outer end, and nothing was written
    /// @throws PipeClosedException if the holder goes away in the middle of it, or the thread is interrupted there
    /// @throws IllegalStateException if the thread is interrupted while there is no room; nothing was written
    public boolean write(byte[] data) {
        PipeStream.check(data, type, maxSize, "the pipe of this process");
        PipeStream to = held();
        if (to == null || quiet) {
            return false;
        }
        try {
            return to.write(data, PipeStream.FOR_EVER);
        } catch (PipeClosedException e) {
            drop(to);
            throw e;
        }
    }

    /// Says to the holder that nothing more comes.
    ///
    /// @throws IllegalStateException if the thread is interrupted while there is no room; it was not said
    public void closeWrite() {
        PipeStream to = held();
        if (to != null && !quiet) {
            quiet = true;
            try {
                to.end();
            } catch (PipeClosedException _) {
                drop(to);
            } catch (IllegalStateException e) {
                quiet = false;
                throw e;
            }
        }
    }

    /// Waits for a message or for what comes over the pipe.
    ///
    /// @param nanos how long at most; `Long.MAX_VALUE` for ever
    /// @param over is asked between waits whether to give up; [#wake] has it asked anew
    /// @return null if nothing came
    /// @throws IllegalStateException if the thread is interrupted and nothing is there
    public byte @Nullable [] read(long nanos, BooleanSupplier over) {
        long deadline = nanos == PipeStream.FOR_EVER ? PipeStream.FOR_EVER : System.nanoTime() + nanos;
        if (!PipeStream.lock(reading, deadline)) {
            return null;
        }
        try {
            long since = eagerness.begin();
            while (true) {
                byte[] data = poll();
                if (data != null) {
                    return data;
                }
                if (over.getAsBoolean() || deadline != PipeStream.FOR_EVER && deadline - System.nanoTime() <= 0) {
                    return null;
                }
                PipeStream.refuseInterrupted("something comes for this process; what comes can be read later");
                if (!eagerness.looksAgain(since)) {
                    int _ = readable.select(_ -> {}, PipeStream.millisUntil(deadline));
                    eagerness.slept(since);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot wait for the pipe of this process: " + e.getMessage(), e);
        } finally {
            reading.unlock();
        }
    }

    /// Whether the present holder has said that it writes no more, and all of it was read.
    public boolean inputEnded() {
        PipeStream from = held();
        return from != null && from.ended() && from.said();
    }

    /// The same, once for each holder: whoever is told so has to pass it on.
    public boolean takeInputEnd() {
        synchronized (holding) {
            boolean news = !endTaken && inputEnded();
            endTaken |= news;
            return news;
        }
    }

    /// Whoever waits looks again whether to give up.
    public void wake() {
        readable.wakeup();
    }

    private byte @Nullable [] poll() {
        Letter letter = inbox.poll();
        if (letter != null) {
            return letter.data();
        }
        PipeStream from = held();
        if (from == null || from.ended() && from.said()) {
            return null;
        }
        try {
            byte[] data = from.poll();
            if (data == null && from.ended()) {
                if (from.said()) {
                    mute(from);
                } else {
                    drop(from);
                }
            }
            return data;
        } catch (IOException _) {
            // Bytes that make no sense: whoever wrote them is no holder.
            drop(from);
            return null;
        }
    }

    /// It says nothing more, but may still be written to.
    private void mute(PipeStream from) {
        SelectionKey key = from.channel().keyFor(readable);
        if (key != null && key.isValid()) {
            key.cancel();
        }
    }

    private void drop(PipeStream stream) {
        synchronized (holding) {
            if (held == stream) {
                held = null;
            }
        }
        shut(stream);
    }

    /// A socket that a selector knows is closed for the other end only when the selector forgets it.
    private void shut(PipeStream stream) {
        stream.close();
        stream.free();
        readable.wakeup();
        if (reading.tryLock()) {
            try {
                int _ = readable.selectNow(_ -> {});
            } catch (IOException _) {
                // The next reader does it.
            } finally {
                reading.unlock();
            }
        }
    }

    /// This process is about to end: the holder sees the end.
    void close() {
        PipeStream to = held();
        if (to != null) {
            drop(to);
        }
    }
}
