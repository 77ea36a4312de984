package dev.muster.console;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads what is added to a log file. When the file is rotated, the old one is read to its end before the new one is
/// opened; when it is cut to nothing, reading starts again.
///
/// **Threads:** one owner. **Lifetime:** the owner closes it. **Failure:** a file that is gone has nothing to say until
/// it is there again.
final class LogTail implements Closeable {
    private final Path file;
    private final LogFilter filter;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long position;
    private boolean wanted;

    private LogTail(Path file, LogFilter filter) {
        this.file = file;
        this.filter = filter;
        wanted = filter.name().isEmpty();
    }

    /// Everything from the first line on.
    static LogTail atStart(Path file, LogFilter filter) throws IOException {
        LogTail tail = new LogTail(file, filter);
        tail.open();
        return tail;
    }

    /// Only what is added from now on.
    static LogTail atEnd(Path file, LogFilter filter) throws IOException {
        LogTail tail = atStart(file, filter);
        tail.position = tail.channel == null ? 0 : endOfLastLine(tail.channel);
        return tail;
    }

    Path file() {
        return file;
    }

    /// Where reading goes on, in bytes.
    long position() {
        return position;
    }

    /// Hands on the lines that were completed since the last call.
    void fresh(Consumer<String> out) throws IOException {
        drain(out);
        if (!Objects.equals(identity, identityOf(file)) && Files.exists(file)) {
            drain(out);
            close();
            open();
            drain(out);
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    private void open() throws IOException {
        line.reset();
        position = 0;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            identity = identityOf(file);
        } catch (NoSuchFileException _) {
            identity = null;
        }
    }

    private void drain(Consumer<String> out) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        if (open.size() < position) {
            position = 0;
            line.reset();
        }
        for (int read = read(open); read > 0; read = read(open)) {
            position += read;
            for (int i = 0; i < read; i++) {
                byte b = buffer.get(i);
                if (b == '\n') {
                    line(line.toString(StandardCharsets.UTF_8), out);
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        }
    }

    private int read(FileChannel open) throws IOException {
        return open.read(buffer.clear(), position);
    }

    private void line(String text, Consumer<String> out) {
        if (LogFilter.begins(text)) {
            wanted = filter.wants(text);
        }
        if (wanted) {
            out.accept(text);
        }
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long end = channel.size();
        while (end > 0 && channel.read(one.clear(), end - 1) == 1 && one.get(0) != '\n') {
            end--;
        }
        return end;
    }

    private static @Nullable Object identityOf(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException _) {
            return null;
        }
    }
}
