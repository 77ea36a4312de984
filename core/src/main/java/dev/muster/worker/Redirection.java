package dev.muster.worker;

import dev.muster.PipeClosedException;
import dev.muster.message.Post;
import dev.muster.message.ProcessPipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The standard streams of a user process that are its pipe. Output goes to whoever holds the pipe, over a buffer; what
/// does not fit because the holder does not read is dropped and counted. While nobody holds it, output goes where it
/// went before: to the log.
///
/// **Threads:** "muster-output" writes to the pipe; printing never waits for it. **Lifetime:** that of the process.
final class Redirection {
    private static final int BUFFER = 1 << 20;
    private static final int PIECE = 32 << 10;
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ProcessPipe pipe;
    private final PrintStream log;
    private final byte[] buffer = new byte[BUFFER];
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    // Guarded by `lock`.
    private int head;
    private int size;
    private boolean writing;
    private long dropped;

    private Redirection(ProcessPipe pipe, PrintStream log) {
        this.pipe = pipe;
        this.log = log;
    }

    /// Redirects the streams of this JVM.
    ///
    /// @return waits, for a moment, until what was printed has gone out
    static Runnable begin(Post post, StopRequest stop, WayOut departure) {
        ProcessPipe pipe = post.pipe();
        if (pipe == null) {
            throw new IllegalStateException("redirectStdio without a pipe");
        }
        Redirection redirection = new Redirection(pipe, System.out);
        Thread thread = new Thread(null, redirection::pump, "muster-output", 256 * 1024, false);
        thread.setDaemon(true);
        thread.start();
        System.setOut(redirection.stream(System.out));
        System.setErr(redirection.stream(System.err));
        System.setIn(new PipedInput(pipe, stop));
        departure.closing(redirection::drain);
        return redirection::drain;
    }

    private PrintStream stream(PrintStream before) {
        return new PrintStream(new PipedOutput(before), true, StandardCharsets.UTF_8);
    }

    private final class PipedOutput extends OutputStream {
        private final PrintStream before;

        PipedOutput(PrintStream before) {
            this.before = before;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            if (!add(bytes, from, length)) {
                before.write(bytes, from, length);
                before.flush();
            }
        }

        /// Called after each print: waits for nothing.
        @Override
        public void flush() {}
    }

    /// @return false if nobody holds the pipe
    private boolean add(byte[] bytes, int from, int length) {
        boolean beginning;
        lock.lock();
        try {
            if (size == 0 && !writing && !pipe.isHeld()) {
                return false;
            }
            int piece = Math.min(length, BUFFER - size);
            int at = (head + size) % BUFFER;
            int first = Math.min(piece, BUFFER - at);
            System.arraycopy(bytes, from, buffer, at, first);
            System.arraycopy(bytes, from + first, buffer, 0, piece - first);
            size += piece;
            beginning = dropped == 0 && piece < length;
            dropped += length - piece;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (beginning) {
            warn("output is being dropped");
        }
        return true;
    }

    private void pump() {
        while (true) {
            byte[] piece = next();
            boolean taken;
            try {
                taken = pipe.write(piece);
            } catch (PipeClosedException _) {
                taken = false;
            }
            if (!taken) {
                // The holder is gone: its rest is for the log, like what follows.
                log.write(piece, 0, piece.length);
                log.flush();
            }
            written();
        }
    }

    private byte[] next() {
        lock.lock();
        try {
            while (size == 0) {
                change.awaitUninterruptibly();
            }
            byte[] piece = new byte[Math.min(size, PIECE)];
            int first = Math.min(piece.length, BUFFER - head);
            System.arraycopy(buffer, head, piece, 0, first);
            System.arraycopy(buffer, 0, piece, first, piece.length - first);
            head = (head + piece.length) % BUFFER;
            size -= piece.length;
            writing = true;
            return piece;
        } finally {
            lock.unlock();
        }
    }

    private void written() {
        long lost;
        lock.lock();
        try {
            writing = false;
            lost = dropped;
            dropped = 0;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (lost > 0) {
            warn(lost + " bytes of output were dropped");
        }
    }

    /// Past the loggers, which an application may have told to write to the very stream that is redirected.
    private void warn(String what) {
        log.println("muster: " + what + ": the holder of the pipe does not read, and the buffer of " + BUFFER
                + " bytes is full");
    }

    /// Waits, for a moment, until what was printed has gone out.
    private void drain() {
        lock.lock();
        try {
            long left = LAST_WORDS_NANOS;
            while ((size > 0 || writing) && left > 0) {
                left = change.awaitNanos(left);
            }
            if (dropped > 0) {
                warn(dropped + " bytes of output were dropped");
                dropped = 0;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// What the holder writes, as a stream that ends when the holder says so or the process is asked to stop.
    private static final class PipedInput extends InputStream {
        private final ProcessPipe pipe;
        private final StopRequest stop;
        private byte @Nullable [] piece;
        private int at;

        PipedInput(ProcessPipe pipe, StopRequest stop) {
            this.pipe = pipe;
            this.stop = stop;
        }

        @Override
        public synchronized int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public synchronized int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            byte[] now = piece;
            if (now == null || at == now.length) {
                now = next();
                piece = now;
                at = 0;
            }
            if (now == null) {
                return -1;
            }
            int count = Math.min(length, now.length - at);
            System.arraycopy(now, at, into, from, count);
            at += count;
            return count;
        }

        private byte @Nullable [] next() throws IOException {
            try {
                byte[] next;
                do {
                    next = pipe.read(Long.MAX_VALUE, this::over);
                } while (next != null && next.length == 0);
                return next;
            } catch (IllegalStateException e) {
                // Interrupted, most likely: what a reader of a stream expects.
                throw new IOException(e.getMessage(), e);
            }
        }

        private boolean over() {
            return stop.asked() || pipe.inputEnded();
        }

        @Override
        public synchronized int available() {
            byte[] now = piece;
            return now == null ? 0 : now.length - at;
        }
    }
}
