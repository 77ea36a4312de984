package dev.muster.benchmarks;

import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How many tasks a worker has started, in a file of its own that is mapped: counting costs no system call.
///
/// **Threads:** [#count] for a worker that runs one task at a time.
///
/// @param pid of the worker
/// @param first instant of its first task
/// @param count of its tasks
/// @param cpuBefore processor milliseconds that it had taken before its first task
record Tally(long pid, long first, long count, long cpuBefore) {
    private static final String PREFIX = "tally-";
    private static final int FIRST = 0;
    private static final int COUNT = 1;
    private static final int CPU_BEFORE = 2;
    private static final long WORDS = 3;

    /// What this process counts, made when the first task comes.
    private static final class Own {
        static final LongBuffer WORDS = make();
        static long count;

        private static LongBuffer make() {
            long pid = ProcessHandle.current().pid();
            LongBuffer words = map(Path.of(PREFIX + pid), true);
            LongBuffer _ = words.put(
                    CPU_BEFORE, ProcFs.stat(pid).map(ProcStat::cpuMillis).orElse(0L));
            LongBuffer _ = words.put(FIRST, System.nanoTime());
            return words;
        }
    }

    /// Counts a task, in the application.
    static void add() {
        LongBuffer _ = Own.WORDS.put(COUNT, ++Own.count);
    }

    /// What all workers have counted so far.
    ///
    /// @param directory the working directory of the application
    static List<Tally> read(Path directory) {
        List<Tally> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : files) {
                if (Files.size(file) < WORDS * Long.BYTES) {
                    // its worker has only just made it
                    continue;
                }
                LongBuffer words = map(file, false);
                long pid = Long.parseLong(file.getFileName().toString().substring(PREFIX.length()));
                if (words.get(COUNT) > 0) {
                    boolean _ = all.add(new Tally(pid, words.get(FIRST), words.get(COUNT), words.get(CPU_BEFORE)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static LongBuffer map(Path file, boolean write) {
        Set<StandardOpenOption> options = write
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                : Set.of(StandardOpenOption.READ);
        FileChannel.MapMode mode = write ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY;
        try (FileChannel channel = FileChannel.open(file, options)) {
            MappedByteBuffer map = channel.map(mode, 0, WORDS * Long.BYTES);
            return map.order(ByteOrder.nativeOrder()).asLongBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
