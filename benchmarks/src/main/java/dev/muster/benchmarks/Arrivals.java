package dev.muster.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// When numbered tasks have started, in a file that producer and workers have mapped: saying so costs no system call.
///
/// **Threads:** any, of any process.
public final class Arrivals {
    private static final String FILE = "arrivals";
    private static final int MOST = 100_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(1);

    private final LongBuffer words;

    /// @param directory the working directory of the application
    Arrivals(Path directory) {
        Path file = directory.resolve(FILE);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            words = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) MOST * Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map " + file, e);
        }
    }

    /// The file of this process, mapped when the first task comes.
    private static final class Own {
        static final Arrivals FILE = new Arrivals(Path.of(""));
    }

    /// Says in the application that a task has started: the instant of the call.
    public static void now(int number) {
        long instant = System.nanoTime();
        LongBuffer _ = Own.FILE.words.put(number, instant);
    }

    /// Waits for the start of a task.
    ///
    /// @return `System.nanoTime()` of it
    long await(int number) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (words.get(number) == 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("task " + number + " has not started within " + LIMIT);
            }
            // Rarely enough to leave the machine idle; the instant is the task's.
            LockSupport.parkNanos(GLANCE.toNanos());
        }
        return words.get(number);
    }
}
