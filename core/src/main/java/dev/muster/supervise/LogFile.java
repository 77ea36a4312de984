package dev.muster.supervise;

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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One file of the log directory and its rotated predecessors.
///
/// **Threads:** the log writer's. **Failure:** what cannot be written is counted, named in the log, and tried again
/// every second.
final class LogFile {
    private static final long SECOND = 1_000_000_000L;

    /// How the log speaks of itself.
    interface Voice {
        /// A line of the master, with its end.
        byte[] line(String level, String text);

        /// Shows lines to whoever looks on.
        void echo(byte[] lines);
    }

    private final Path path;
    private final long maxSize;
    private final int keep;
    private final Voice voice;
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long size;
    private long limit;
    private long lookedAt;
    private boolean broken;
    private String why = "";
    private long retryAt;
    private LogChunk.Loss loss = new LogChunk.Loss(0, 0);

    /// @param maxSize bytes at which it is rotated
    /// @param keep how many rotated ones are kept
    LogFile(Path path, long maxSize, int keep, Voice voice) {
        this.path = path;
        this.maxSize = maxSize;
        this.keep = keep;
        this.voice = voice;
    }

    boolean broken() {
        return broken;
    }

    void write(LogChunk chunk) {
        if (broken) {
            loss = loss.plus(chunk.loss());
            return;
        }
        byte[] lines = chunk.lines();
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
            voice.echo(voice.line(
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
                    ByteBuffer.wrap(voice.line(
                            "WARN",
                            "log - " + loss.lines() + " lines (" + loss.bytes()
                                    + " bytes) were dropped because this file could not be written (" + why
                                    + ")")));
            broken = false;
            loss = new LogChunk.Loss(0, 0);
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
