package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The log directory: the application's log, a file for each pool that wants one, and `exceptions/CHANNEL.log`, each
/// rotated by size (`APP.log.1` is the newest rotated one) and written by one thread.
///
/// **Threads:** every method may be called by any thread and none waits for the disk, except [#flush(Duration)] and
/// [#close()]. Only the thread "log-writer" touches files. **Lifetime:** closed by its owner, after everybody who hands
/// lines over has stopped. **Failure:** 8 MiB wait at most; what comes while the disk is slower than that is dropped,
/// counted, and named in a line of the log as soon as there is room. A file that cannot be written costs only its own
/// lines: they are counted and it is tried again every second. A line that a dead master left unfinished gets its end.
final class LogFiles implements AutoCloseable {
    static final int QUEUE_BYTES = 8 << 20;

    /// What the master may queue beyond that, so that a flood of others does not silence it.
    private static final int MASTER_BYTES = 256 << 10;

    private static final int MOST_CHANNELS = 200;
    static final int LONGEST_CHANNEL = 64;
    private static final long SECOND = 1_000_000_000L;
    private static final long LONGEST_WAIT = 3600 * SECOND;

    private record Origin(String from, String file) {}

    private final Path directory;
    private final String mainFile;
    private final long maxSize;
    private final int keep;
    private final @Nullable Consumer<byte[]> echo;
    private final String masterTag = " master[" + ProcessHandle.current().pid() + "] ";
    private final Thread writer =
            Thread.ofPlatform().name("log-writer").daemon().unstarted(this::run);

    private final Set<String> channels = new HashSet<>();
    private final Map<Origin, LogChunk.Loss> losses = new LinkedHashMap<>();
    private final LogStamp stamp = new LogStamp();
    private final ArrayDeque<LogChunk> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long handed;
    private long settled;
    private boolean dropping;
    private boolean reopenWanted;
    private boolean closed;

    /// Owned by the writer.
    private final Map<String, LogFile> targets = new HashMap<>();

    /// @param application names the application's log, `APPLICATION.log`
    /// @param maxSize bytes at which a file is rotated, at least 1
    /// @param keep how many rotated files are kept of each, from 0
    /// @param echo receives every line that goes to a log, in whole lines and on the writer's thread, which it must
    ///     not block for long; null for nobody
    LogFiles(Path directory, String application, long maxSize, int keep, @Nullable Consumer<byte[]> echo) {
        this.directory = directory;
        this.mainFile = application + ".log";
        this.maxSize = maxSize;
        this.keep = keep;
        this.echo = echo;
    }

    void start() {
        writer.start();
    }

    /// Hands whole lines over.
    ///
    /// @param from who wrote them, named if they have to be dropped
    /// @param file a file of the log directory, empty for the application's log
    /// @param lines ends with a line feed; not changed afterwards by the caller
    /// @param count how many lines it holds
    void append(String from, String file, byte[] lines, int count) {
        hand(from, LogChunk.of(file.isEmpty() ? mainFile : file, lines, count, true), QUEUE_BYTES);
    }

    /// The same for the file of an exception channel. A channel with other characters than letters, digits, `_` and
    /// `-`, or beyond the first 200, shares the file `other`.
    synchronized void exception(String from, String channel, byte[] lines, int count) {
        boolean own = legal(channel)
                && (channels.contains(channel) || channels.size() < MOST_CHANNELS && channels.add(channel));
        hand(from, LogChunk.of("exceptions/" + (own ? channel : "other") + ".log", lines, count, false), QUEUE_BYTES);
    }

    /// A line of the master itself in the application's log.
    void master(String level, String text) {
        byte[] line = line(level, "- " + text);
        hand("master", LogChunk.of(mainFile, line, LogChunk.feeds(line, 0), true), QUEUE_BYTES + MASTER_BYTES);
    }

    /// Closes and opens every file anew, after somebody has moved them away.
    synchronized void reopen() {
        reopenWanted = true;
        notifyAll();
    }

    /// Waits until everything that was handed over before is in its file, or was dropped because it cannot be.
    ///
    /// @return false if the time was over first
    synchronized boolean flush(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            for (long goal = handed; settled < goal; ) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Writes what waits, at most 5 s long, and closes the files. What comes later is dropped.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            boolean _ = writer.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean legal(String channel) {
        int length = channel.length();
        return length > 0 && length <= LONGEST_CHANNEL && channel.chars().allMatch(LogFiles::legalInChannel);
    }

    static boolean legalInChannel(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    private synchronized byte[] line(String level, String rest) {
        return (stamp.text(System.currentTimeMillis()) + " " + level + masterTag + rest + "\n").getBytes(UTF_8);
    }

    private synchronized void hand(String from, LogChunk chunk, long most) {
        if (closed || dropping && most == QUEUE_BYTES || waitingBytes + chunk.lines().length > most) {
            dropping = true;
            losses.merge(new Origin(from, chunk.file()), chunk.loss(), LogChunk.Loss::plus);
        } else {
            enqueue(chunk);
        }
    }

    private synchronized void enqueue(LogChunk chunk) {
        waiting.add(chunk);
        waitingBytes += chunk.lines().length;
        handed++;
        notifyAll();
    }

    private void run() {
        boolean ending = false;
        while (!ending) {
            LogChunk chunk;
            boolean reopen;
            synchronized (this) {
                awaitWork();
                chunk = waiting.poll();
                ending = closed && chunk == null;
                reopen = reopenWanted || ending;
                reopenWanted = false;
            }
            if (reopen) {
                targets.values().forEach(LogFile::shut);
            }
            targets.values().forEach(LogFile::retry);
            if (chunk != null) {
                targets.computeIfAbsent(chunk.file(), this::target).write(chunk);
                if (chunk.echoed()) {
                    echo(chunk.lines());
                }
                settled(chunk);
            }
        }
    }

    /// Until there is something to do; until a file that cannot be written should be tried again, if there is one.
    private synchronized void awaitWork() {
        boolean broken = targets.values().stream().anyMatch(target -> target.broken());
        long deadline = System.nanoTime() + (broken ? SECOND : LONGEST_WAIT);
        long left = SECOND;
        while (waiting.isEmpty() && !closed && !reopenWanted && left > 0) {
            try {
                left = deadline - System.nanoTime();
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException _) {
                // Nobody has a reason to interrupt this thread; it ends by close().
            }
        }
    }

    private LogFile target(String file) {
        return new LogFile(directory.resolve(file), maxSize, keep, new LogFile.Voice() {
            @Override
            public byte[] line(String level, String text) {
                return LogFiles.this.line(level, text);
            }

            @Override
            public void echo(byte[] lines) {
                LogFiles.this.echo(lines);
            }
        });
    }

    private void echo(byte[] lines) {
        try {
            if (echo != null) {
                echo.accept(lines);
            }
        } catch (RuntimeException _) {
            // The terminal went away; the files are what counts.
        }
    }

    private synchronized void settled(LogChunk chunk) {
        waitingBytes -= chunk.lines().length;
        settled++;
        notifyAll();
        if (dropping && waitingBytes <= QUEUE_BYTES / 2) {
            dropping = false;
            losses.forEach(
                    (origin, loss) -> enqueue(new LogChunk(origin.file, dropped(origin, loss), loss, true, true)));
            losses.clear();
        }
    }

    private byte[] dropped(Origin origin, LogChunk.Loss loss) {
        return line(
                "WARN",
                "log - " + loss.lines() + " lines (" + loss.bytes() + " bytes) from " + origin.from
                        + " were dropped because the disk was too slow");
    }
}
