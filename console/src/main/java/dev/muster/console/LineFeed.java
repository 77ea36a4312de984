package dev.muster.console;

import dev.muster.task.Broker.NewTask;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The lines of a stream, read ahead by a thread of its own, so that the taker can wait with a limit.
///
/// Blank lines are left out. At most 1,000 lines and about 32 MiB are held.
///
/// **Threads:** one taker. **Lifetime:** the reading thread ends with the stream, or as a daemon with the process.
final class LineFeed {
    /// What is kept of a line that is too large to be a message.
    static final int EXCERPT = 64 << 10;

    private static final int MAX_LINES = 1_000;
    private static final int MAX_KIB = 32 << 10;

    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(MAX_LINES);
    private final Semaphore room = new Semaphore(MAX_KIB);
    private volatile @Nullable IOException failure;

    private final int limit;

    private LineFeed(int limit) {
        this.limit = limit;
    }

    /// @param limit the largest line that can be a message, in bytes
    static LineFeed start(InputStream in, int limit) {
        LineFeed feed = new LineFeed(limit);
        Thread.ofPlatform().daemon().name("stdin").start(() -> feed.read(new BufferedInputStream(in, 1 << 16)));
        return feed;
    }

    /// The next line; waits for it.
    Line take() throws InterruptedException {
        return taken(lines.take());
    }

    /// The next line, null if none comes within the time.
    @Nullable
    Line poll(long nanos) throws InterruptedException {
        Line line = lines.poll(nanos, TimeUnit.NANOSECONDS);
        return line == null ? null : taken(line);
    }

    /// To be called at the end: throws what ended the reading, if that was not the end of the stream.
    void throwFailure() throws IOException {
        IOException cause = failure;
        if (cause != null) {
            throw new IOException("standard input cannot be read: " + cause.getMessage(), cause);
        }
    }

    private Line taken(Line line) {
        room.release(line.kib());
        return line;
    }

    private void read(InputStream in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long length = 0;
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    put(line, length);
                    line = line.size() > EXCERPT ? new ByteArrayOutputStream() : line;
                    line.reset();
                    length = 0;
                } else {
                    length++;
                    if (length <= limit) {
                        line.write(b);
                    }
                }
            }
            put(line, length);
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void put(ByteArrayOutputStream bytes, long length) throws InterruptedException {
        Line line = new Line(bytes.toByteArray(), length, false);
        if (!line.blank()) {
            room.acquire(line.kib());
            lines.put(line);
        }
    }

    private void end() {
        try {
            lines.put(new Line(new byte[0], 0, true));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param bytes what was read of it, without the line end
    /// @param length how many bytes it has in truth
    /// @param end true for the mark behind the last line
    @SuppressWarnings("ArrayRecordComponent")
    record Line(byte[] bytes, long length, boolean end) {
        int size() {
            return bytes.length;
        }

        int kib() {
            return end ? 0 : Math.min(MAX_KIB, 1 + (bytes.length >> 10));
        }

        boolean blank() {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return length <= bytes.length;
        }

        /// The task that it stands for; one that is born dead if it is no message.
        NewTask task(String queue) {
            if (length > bytes.length) {
                String start = new String(bytes, 0, EXCERPT, StandardCharsets.UTF_8);
                return new NewTask(
                        "",
                        queue,
                        start,
                        Duration.ZERO,
                        "the line has " + length + " bytes, the limit is " + bytes.length + "; its first " + EXCERPT
                                + " bytes are kept");
            }
            int size = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, size))
                        .toString();
                return NewTask.ofLine(text, queue);
            } catch (CharacterCodingException _) {
                String text = new String(bytes, 0, size, StandardCharsets.UTF_8);
                return new NewTask("", queue, text, Duration.ZERO, "the line is not UTF-8");
            }
        }
    }
}
