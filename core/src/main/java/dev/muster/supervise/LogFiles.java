package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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

    /// @param loss what is lost if these lines are; of a line that reports a loss, that one
    private record Chunk(String file, byte[] lines, Loss loss, boolean report, boolean echoed) {
        static Chunk of(String file, byte[] lines, int count, boolean echoed) {
            return new Chunk(file, lines, new Loss(count, lines.length), false, echoed);
        }

        Loss lossFrom(int unwritten) {
            return report ? loss : new Loss(feeds(lines, unwritten), lines.length - unwritten);
        }
    }

    private record Origin(String from, String file) {}

    private record Loss(long lines, long bytes) {
        Loss plus(Loss other) {
            return new Loss(lines + other.lines, bytes + other.bytes);
        }
    }

    private final Path directory;
    private final String mainFile;
    private final long maxSize;
    private final int keep;
    private final @Nullable Consumer<byte[]> echo;
    private final String masterTag = " master[" + ProcessHandle.current().pid() + "] ";
    private final Thread writer =
            Thread.ofPlatform().name("log-writer").daemon().unstarted(this::run);

    private final Set<String> channels = new HashSet<>();
    private final Map<Origin, Loss> losses = new LinkedHashMap<>();
    private final Stamp stamp = new Stamp();
    private final ArrayDeque<Chunk> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long handed;
    private long settled;
    private boolean dropping;
    private boolean reopenWanted;
    private boolean closed;

    /// Owned by the writer.
    private final Map<String, Target> targets = new HashMap<>();

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
        hand(from, Chunk.of(file.isEmpty() ? mainFile : file, lines, count, true), QUEUE_BYTES);
    }

    /// The same for the file of an exception channel. A channel with other characters than letters, digits, `_` and
    /// `-`, or beyond the first 200, shares the file `other`.
    synchronized void exception(String from, String channel, byte[] lines, int count) {
        boolean own = legal(channel)
                && (channels.contains(channel) || channels.size() < MOST_CHANNELS && channels.add(channel));
        hand(from, Chunk.of("exceptions/" + (own ? channel : "other") + ".log", lines, count, false), QUEUE_BYTES);
    }

    /// A line of the master itself in the application's log.
    void master(String level, String text) {
        byte[] line = line(level, "- " + text);
        hand("master", Chunk.of(mainFile, line, feeds(line, 0), true), QUEUE_BYTES + MASTER_BYTES);
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

    private static int feeds(byte[] lines, int from) {
        int count = 0;
        for (int i = from; i < lines.length; i++) {
            count += lines[i] == '\n' ? 1 : 0;
        }
        return count;
    }

    private synchronized byte[] line(String level, String rest) {
        return (stamp.text(System.currentTimeMillis()) + " " + level + masterTag + rest + "\n").getBytes(UTF_8);
    }

    private synchronized void hand(String from, Chunk chunk, long most) {
        if (closed || dropping && most == QUEUE_BYTES || waitingBytes + chunk.lines.length > most) {
            dropping = true;
            losses.merge(new Origin(from, chunk.file), chunk.loss, Loss::plus);
        } else {
            enqueue(chunk);
        }
    }

    private synchronized void enqueue(Chunk chunk) {
        waiting.add(chunk);
        waitingBytes += chunk.lines.length;
        handed++;
        notifyAll();
    }

    private void run() {
        boolean ending = false;
        while (!ending) {
            Chunk chunk;
            boolean reopen;
            synchronized (this) {
                awaitWork();
                chunk = waiting.poll();
                ending = closed && chunk == null;
                reopen = reopenWanted || ending;
                reopenWanted = false;
            }
            if (reopen) {
                targets.values().forEach(Target::shut);
            }
            targets.values().forEach(Target::retry);
            if (chunk != null) {
                targets.computeIfAbsent(chunk.file, Target::new).write(chunk);
                if (chunk.echoed) {
                    echo(chunk.lines);
                }
                settled(chunk);
            }
        }
    }

    /// Until there is something to do; until a file that cannot be written should be tried again, if there is one.
    private synchronized void awaitWork() {
        boolean broken = targets.values().stream().anyMatch(target -> target.broken);
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

    private void echo(byte[] lines) {
        try {
            if (echo != null) {
                echo.accept(lines);
            }
        } catch (RuntimeException _) {
            // The terminal went away; the files are what counts.
        }
    }

    private synchronized void settled(Chunk chunk) {
        waitingBytes -= chunk.lines.length;
        settled++;
        notifyAll();
        if (dropping && waitingBytes <= QUEUE_BYTES / 2) {
            dropping = false;
            losses.forEach((origin, loss) -> enqueue(new Chunk(origin.file, dropped(origin, loss), loss, true, true)));
            losses.clear();
        }
    }

    private byte[] dropped(Origin origin, Loss loss) {
        return line(
                "WARN",
                "log - " + loss.lines + " lines (" + loss.bytes + " bytes) from " + origin.from
                        + " were dropped because the disk was too slow");
    }

    /// One file and its rotated predecessors. Only the writer uses it.
    private final class Target {
        private final Path path;
        private @Nullable FileChannel channel;
        private @Nullable Object identity;
        private long size;
        private long limit;
        private long lookedAt;
        private boolean broken;
        private String why = "";
        private long retryAt;
        private Loss loss = new Loss(0, 0);

        Target(String file) {
            path = directory.resolve(file);
        }

        void write(Chunk chunk) {
            if (broken) {
                loss = loss.plus(chunk.loss);
                return;
            }
            byte[] lines = chunk.lines;
            ByteBuffer rest = ByteBuffer.wrap(lines);
            try {
                FileChannel to = current();
                while (rest.position() < lines.length) {
                    int end = fitting(lines, rest.position());
                    if (end == rest.position()) {
                        to = rotated(to);
                    } else {
                        transfer(to, rest.limit(end));
                    }
                }
            } catch (IOException | RuntimeException e) {
                loss = loss.plus(chunk.lossFrom(rest.position()));
                fail(e);
                echo(line(
                        "ERROR",
                        "log - " + path + " cannot be written (" + why + "); its lines are dropped and"
                                + " counted, and it is tried again"
                                + " every second: make room or correct"
                                + " the permissions"));
            }
        }

        /// If this file could not be written a second ago: tries again, and says what was lost meanwhile.
        void retry() {
            if (!broken || System.nanoTime() - retryAt < 0) {
                return;
            }
            try {
                transfer(
                        current(),
                        ByteBuffer.wrap(line(
                                "WARN",
                                "log - " + loss.lines + " lines (" + loss.bytes
                                        + " bytes) were dropped because this file could not be written (" + why
                                        + ")")));
                broken = false;
                loss = new Loss(0, 0);
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        private void fail(Exception e) {
            broken = true;
            why = e.toString();
            retryAt = System.nanoTime() + SECOND;
            shut();
        }

        void shut() {
            FileChannel open = channel;
            channel = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException _) {
                    // What close() reports late, a network disk that lost data, cannot be repaired here.
                }
            }
        }

        /// The open file; opens it, also anew if the one at this path is another one by now.
        private FileChannel current() throws IOException {
            if (channel != null && System.nanoTime() - lookedAt >= SECOND) {
                lookedAt = System.nanoTime();
                if (!Objects.equals(identity, identify())) {
                    shut();
                }
            }
            FileChannel open = channel;
            return open != null ? open : open();
        }

        private @Nullable Object identify() {
            try {
                return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            } catch (IOException _) {
                return null;
            }
        }

        private FileChannel open() throws IOException {
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            boolean torn = torn();
            FileChannel opened = FileChannel.open(path, CREATE, WRITE, APPEND);
            channel = opened;
            identity = identify();
            lookedAt = System.nanoTime();
            size = opened.size();
            limit = maxSize;
            if (torn) {
                transfer(opened, ByteBuffer.wrap(new byte[] {'\n'}));
            }
            return opened;
        }

        private boolean torn() throws IOException {
            if (!Files.isRegularFile(path) || Files.size(path) == 0) {
                return false;
            }
            try (FileChannel end = FileChannel.open(path, READ)) {
                ByteBuffer last = ByteBuffer.allocate(1);
                return end.read(last, end.size() - 1) == 1 && last.get(0) != '\n';
            }
        }

        /// The end of the whole lines from `from` on that still fit into this file; `from` if it has to be
        /// rotated.
        private int fitting(byte[] lines, int from) {
            long room = Math.max(0, limit - size);
            if (lines.length - from <= room) {
                return lines.length;
            }
            for (int end = (int) (from + room); end > from; end--) {
                if (lines[end - 1] == '\n') {
                    return end;
                }
            }
            if (size > 0) {
                return from;
            }
            int end = from;
            while (end < lines.length && lines[end++] != '\n') {}
            return end;
        }

        private FileChannel rotated(FileChannel full) throws IOException {
            if (Objects.equals(identity, identify())) {
                try {
                    shift();
                } catch (IOException _) {
                    // Without the right to rename here, an ever larger file is better than lost lines.
                    limit = size + maxSize;
                    return full;
                }
            }
            shut();
            return open();
        }

        private void shift() throws IOException {
            if (keep == 0) {
                Files.delete(path);
                return;
            }
            int free = 1;
            while (free < keep && Files.exists(numbered(free))) {
                free++;
            }
            for (int number = free; number > 1; number--) {
                Files.move(numbered(number - 1), numbered(number), REPLACE_EXISTING);
            }
            Files.move(path, numbered(1), REPLACE_EXISTING);
        }

        private Path numbered(int number) {
            return path.resolveSibling(path.getFileName() + "." + number);
        }

        private void transfer(FileChannel to, ByteBuffer from) throws IOException {
            while (from.hasRemaining()) {
                size += to.write(from);
            }
        }
    }

    /// Writes instants as `2026-11-23T12:00:00.123Z`. Not for several threads at once.
    static final class Stamp {
        private long second = Long.MIN_VALUE;
        private String upToSecond = "";

        String text(long epochMillis) {
            long now = Math.floorDiv(epochMillis, 1000L);
            if (now != second) {
                second = now;
                // With a fraction the text always has its seconds.
                upToSecond = LocalDateTime.ofEpochSecond(now, 1_000_000, ZoneOffset.UTC)
                        .toString()
                        .substring(0, 20);
            }
            return upToSecond
                    + Long.toString(1000 + Math.floorMod(epochMillis, 1000L)).substring(1) + "Z";
        }
    }
}
