package dev.muster.supervise;

import static dev.muster.supervise.LogBytes.LF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.os.Fd;
import dev.muster.os.NativeException;
import dev.muster.os.Poller;
import dev.muster.supervise.EvidenceTaker.DumpText;
import dev.muster.supervise.EvidenceTaker.LastLines;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Reads what the children print and hands it to the log files. On their pipes come plain lines (what user code and the
/// virtual machine print) and records of their loggers, see [LogLines]. In the log both show the name and the pid of
/// their process.
///
/// **Threads:** one, "log-pump", for all children; every method may be called by any thread and returns at once.
/// **Lifetime:** close it before the [LogFiles]; it owns the descriptors from [#attach] on. **Failure:** it never waits
/// for a disk, so that no child ever waits for a reader. Of a child that ended the rest is read before
/// [#ended(int, int)] completes; a pipe that a grandchild holds open is closed a second later.
final class LogPump implements AutoCloseable {
    static final int LONGEST_LINE = 64 << 10;
    static final int LONGEST_RECORD = 256 << 10;
    private static final int READ_BYTES = 32 << 10;
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int REMEMBERED = 1_000; // processes later nobody asks any more how one has ended
    private static final int LAST_READS = 64; // of 32 KiB: more than any pipe holds
    private static final long GRANDCHILD_NANOS = 1_000_000_000L;
    private static final long LONGEST_POLL_NANOS = 3_600_000_000_000L;
    private static final byte[] OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError".getBytes(US_ASCII);

    private final LogFiles files;
    private final Poller poller = new Poller();
    private final Thread thread = Thread.ofPlatform().name("log-pump").daemon().unstarted(this::run);
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Map<Long, Source> sources = new ConcurrentHashMap<>();
    private final Map<Integer, LastLines> tails = new ConcurrentHashMap<>();
    private final Set<Long> outOfMemory = ConcurrentHashMap.newKeySet();
    private volatile boolean finished;

    // What follows belongs to the pump's thread.
    private final Map<Long, Source.Stream> streams = new HashMap<>();
    private final List<Source> lingering = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] bytes = new byte[READ_BYTES];
    private final LogStamp stamp = new LogStamp();
    private byte[] instant = stamp.text(System.currentTimeMillis()).getBytes(US_ASCII);
    private long lastKey;
    private boolean closing;

    LogPump(LogFiles files) {
        this.files = files;
    }

    void start() {
        thread.start();
    }

    /// Takes over the pipes of a process.
    ///
    /// @param file where its lines go, empty for the application's log
    void attach(int slot, int life, String processName, long pid, String file, int stdoutFd, int stderrFd) {
        outOfMemory.removeIf(id -> id >> 32 == slot && id < id(slot, life - REMEMBERED));
        LastLines tail = tails.computeIfAbsent(slot, _ -> new LastLines(tails::size));
        Source source = new Source(id(slot, life), processName, pid, file, tail);
        sources.put(source.id, source);
        order(() -> {
            source.open(stdoutFd, "INFO", "stdout");
            source.open(stderrFd, "WARN", "stderr");
        });
    }

    /// A process has another name from now on.
    void rename(int slot, int life, String processName) {
        order(() -> Optional.ofNullable(sources.get(id(slot, life))).ifPresent(source -> source.rename(processName)));
    }

    /// To be called when the process was collected.
    ///
    /// @return complete when what it had printed was read (not when it is on the disk); completed on the pump's
    ///     thread
    CompletableFuture<Void> ended(int slot, int life) {
        Source source = sources.get(id(slot, life));
        if (source == null || finished) {
            return CompletableFuture.completedFuture(null);
        }
        order(source::end);
        return source.ended;
    }

    /// Whether the virtual machine said that it ends because its heap is full. Final once [#ended(int, int)] is
    /// complete.
    boolean outOfMemory(int slot, int life) {
        return outOfMemory.contains(id(slot, life));
    }

    /// The last lines of a slot as they went to the log, across its lives, cut to 2 KiB each.
    ///
    /// @param most 200 at most, and not more than fit into 128 KiB
    List<String> tail(int slot, int most) {
        LastLines tail = tails.get(slot);
        return tail == null ? List.of() : tail.text(most);
    }

    /// From now on the next thread dump that the virtual machine prints goes to the result instead of the log. To
    /// be called before the signal that asks for the dump. While one is awaited already, the result is the same.
    ///
    /// @return completed at the end of the dump or of the process, or by [#cancelCapture]; at most 4 MiB
    CompletableFuture<String> captureDump(int slot, int life) {
        Source source = sources.get(id(slot, life));
        return source == null ? CompletableFuture.completedFuture("") : source.capture();
    }

    /// Gives up waiting for the rest of a dump: its result is what there is, empty if it had not begun.
    void cancelCapture(int slot, int life) {
        Source source = sources.get(id(slot, life));
        if (source != null) {
            order(source::endCapture);
        }
    }

    /// Reads what is there without waiting, closes all pipes and completes all results.
    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            poller.close();
            return;
        }
        order(() -> closing = true);
        try {
            boolean _ = thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] tag(String name, long pid) {
        return (name + "[" + pid + "] ").getBytes(UTF_8);
    }

    private static long id(int slot, int life) {
        return (long) slot << 32 | life;
    }

    private void order(Runnable order) {
        orders.add(order);
        poller.wakeup();
    }

    private void obey() {
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
    }

    private void run() {
        while (!closing) {
            try {
                obey();
                if (closing) {
                    break;
                }
                int _ = poller.poll(Duration.ofNanos(sweep()), (key, _) -> {
                    boolean _ = streams.containsKey(key) && streams.get(key).read();
                });
            } catch (RuntimeException e) {
                // This thread reads for all children: a defect may cost some lines, but never the thread.
                files.master("ERROR", "lost lines that a process printed: " + e);
            }
        }
        finished = true;
        obey();
        sources.values().forEach(Source::end);
        lingering.forEach(Source::close);
        poller.close();
    }

    /// Closes what grandchildren of dead processes hold open, once it is time.
    ///
    /// @return nanoseconds until it is time for the next
    private long sweep() {
        long now = System.nanoTime();
        long left = LONGEST_POLL_NANOS;
        for (Source source : List.copyOf(lingering)) {
            if (source.open.isEmpty() || source.closeAt - now <= 0) {
                lingering.remove(source);
                source.close();
            } else {
                left = Math.min(left, source.closeAt - now);
            }
        }
        return left;
    }

    /// One life of a process.
    private final class Source {
        private final long id;
        private final long pid;
        private final String file;
        private final LastLines tail;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final List<Stream> open = new ArrayList<>(2);
        private final LogBytes out = new LogBytes();
        private String name;
        private byte[] tag;
        private int lines;
        private long closeAt;
        private volatile @Nullable DumpText capture;

        Source(long id, String name, long pid, String file, LastLines tail) {
            this.id = id;
            this.name = name;
            this.pid = pid;
            this.file = file;
            this.tail = tail;
            tag = tag(name, pid);
        }

        void rename(String newName) {
            hand();
            name = newName;
            tag = tag(newName, pid);
            open.forEach(Stream::head);
        }

        void open(int fd, String level, String kind) {
            Fd.nonBlocking(fd);
            Stream stream = new Stream(fd, ++lastKey, level, kind);
            open.add(stream);
            streams.put(stream.key, stream);
            poller.add(fd, Poller.IN, stream.key);
        }

        void end() {
            if (ended.isDone()) {
                return;
            }
            List.copyOf(open).forEach(Stream::readRest);
            open.forEach(Stream::finish);
            endCapture();
            closeAt = System.nanoTime() + GRANDCHILD_NANOS;
            lingering.add(this);
            ended.complete(null);
        }

        void close() {
            List.copyOf(open).forEach(Stream::readRest);
            List.copyOf(open).forEach(Stream::close);
            sources.remove(id, this);
            endCapture();
        }

        synchronized CompletableFuture<String> capture() {
            DumpText awaited = capture != null ? capture : new DumpText();
            capture = awaited;
            return awaited.result;
        }

        void endCapture() {
            DumpText over;
            synchronized (this) {
                over = capture;
                capture = null;
            }
            if (over != null) {
                open.forEach(Stream::release);
                over.end();
            }
        }

        /// A plain line, or a part of one.
        void line(byte[] head, byte[] text, int at, int length) {
            if (DumpText.startsWith(text, at, length, OUT_OF_MEMORY)) {
                outOfMemory.add(id);
            }
            int start = out.size();
            out.writeBytes(instant);
            out.writeBytes(head);
            out.write(text, at, length);
            written(start, "");
        }

        void record(LogBytes from, String channel, int at, int limit) {
            int start = out.size();
            int end = limit;
            while (end > at && from.at(end - 1) == LF) {
                end--;
            }
            int message = at;
            for (int blanks = 0; message < end && blanks < 2; message++) {
                blanks += from.at(message) == ' ' ? 1 : 0;
            }
            out.write(from.array(), at, message - at);
            out.writeBytes(tag);
            out.write(from.array(), message, end - message);
            written(start, channel);
        }

        /// @param start where the new line, or the lines of a record, begin in what will be handed over
        private void written(int start, String channel) {
            out.write(LF);
            int count = 0;
            for (int at = start, end = start; end < out.size(); end++) {
                if (out.at(end) == LF) {
                    tail.add(out.array(), at, end - at);
                    at = end + 1;
                    count++;
                }
            }
            lines += count;
            if (!channel.isEmpty()) {
                files.exception(name, channel, Arrays.copyOfRange(out.array(), start, out.size()), count);
            }
            if (out.size() >= CHUNK_BYTES) {
                hand();
            }
        }

        void hand() {
            if (lines > 0) {
                files.append(name, file, out.toByteArray(), lines);
                out.drop(out.size());
                lines = 0;
            }
        }

        /// One pipe: takes what it reads apart into lines and records.
        private final class Stream implements LogLines.Sink {
            private final int fd;
            private final long key;
            private final String level;
            private final String kind;
            private final LogLines pieces = new LogLines(this);
            private byte[] head = {};
            private byte @Nullable [] held;

            Stream(int fd, long key, String level, String kind) {
                this.fd = fd;
                this.key = key;
                this.level = level;
                this.kind = kind;
                head();
            }

            private void head() {
                head = (" " + level + " " + new String(tag, UTF_8) + kind + " - ").getBytes(UTF_8);
            }

            void readRest() {
                for (int reads = 0; reads < LAST_READS && read(); reads++) {}
            }

            /// @return false if there was nothing, or the end
            boolean read() {
                int count;
                try {
                    count = Fd.read(fd, buffer.clear());
                } catch (NativeException _) {
                    count = Fd.EOF;
                }
                if (count > 0) {
                    instant = stamp.text(System.currentTimeMillis()).getBytes(US_ASCII);
                    buffer.flip().get(bytes, 0, count);
                    pieces.add(bytes, count);
                    pieces.takeApart(false);
                    hand();
                } else if (count == Fd.EOF) {
                    close();
                }
                return count > 0;
            }

            void close() {
                if (streams.remove(key, this)) {
                    boolean _ = open.remove(this);
                    poller.remove(fd);
                    Fd.close(fd);
                    finish();
                }
            }

            /// Hands on what is unfinished too: nobody is there to end it.
            void finish() {
                pieces.takeApart(true);
                release();
                hand();
            }

            /// Into the dump that is awaited, if it belongs there; the instant above a dump is held back
            /// until that is known.
            @Override
            public void plain(byte[] text, int at, int length) {
                DumpText awaited = capture;
                if (awaited != null && awaited.takes(this, held, text, at, length)) {
                    held = null;
                    if (awaited.complete()) {
                        endCapture();
                    }
                    return;
                }
                release();
                if (awaited != null && awaited.mayBegin(text, at, length)) {
                    held = Arrays.copyOfRange(text, at, at + length);
                } else {
                    Source.this.line(head, text, at, length);
                }
            }

            @Override
            public void record(LogBytes from, String channel, int at, int limit) {
                Source.this.record(from, channel, at, limit);
            }

            void release() {
                byte[] waiting = held;
                held = null;
                if (waiting != null) {
                    Source.this.line(head, waiting, 0, waiting.length);
                }
            }
        }
    }
}
