package dev.muster.benchmarks.talking;

import dev.muster.Muster;
import dev.muster.Pipe;
import dev.muster.PipeMessage;
import dev.muster.PipeType;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.ServerTask;
import dev.muster.UserProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// The application whose processes talk with each other; what was measured stands in the file `figures` when all is
/// done. The counterpart in C is `pipes.c`.
///
/// System properties: `talking.repeats`, `talking.scale` (divides the counts, to see that it works).
public final class Talking {
    static final int SIZE = 64;
    static final int BATCH = 64 << 10;
    static final int SCALE = Integer.getInteger("talking.scale", 1);
    static final int TRIPS = 30_000 / SCALE;
    static final int SINGLES = 400_000 / SCALE;
    static final int BATCHES = 10_000 / SCALE;
    static final int TASKS = 200_000 / SCALE;
    static final int IN_FLIGHT = 16;

    private Talking() {}

    public static void main(String[] args) {
        Muster.run(Talking.class, args);
    }

    /// Gives back what it is given.
    @ServerEvents
    public static final class Ears implements ServerListener {
        @Override
        public void onPipeMessage(Server server, PipeMessage message) {
            // That it has come is all.
        }

        @Override
        public byte[] onTask(Server server, ServerTask task) {
            return task.data();
        }
    }

    /// Answers each message, on a platform thread.
    @UserProcess(name = "Echo", interval = 0, virtualThreads = false, pipe = PipeType.DATAGRAM)
    public static final class Echo {
        public void run(ProcessContext process) {
            process.write(process.read());
        }
    }

    /// Answers each message, on a virtual thread.
    @UserProcess(name = "VirtualEcho", interval = 0, pipe = PipeType.DATAGRAM)
    public static final class VirtualEcho {
        public void run(ProcessContext process) {
            process.write(process.read());
        }
    }

    /// Answers when it has read as much as it was told.
    @UserProcess(name = "Sink", interval = 0, virtualThreads = false, pipe = PipeType.STREAM)
    public static final class Sink {
        public void run(ProcessContext process) {
            byte[] first = process.read();
            long left = Long.parseLong(new String(first, 0, 20).strip()) - (first.length - 20);
            while (left > 0) {
                left -= process.read().length;
            }
            process.write("x");
        }
    }

    /// Measures.
    @UserProcess(name = "Talker", interval = 100, virtualThreads = false)
    public static final class Talker {
        private final List<String> lines = new ArrayList<>();

        public void run(Server server, ProcessContext process) throws Exception {
            if (Files.exists(Path.of("figures"))) {
                return;
            }
            int repeats = Integer.getInteger("talking.repeats", 5);
            for (int i = -1; i < repeats; i++) {
                // The first round is for the compilers.
                boolean counts = i >= 0;
                trips(server, "Echo", "platform threads", counts);
                trips(server, "VirtualEcho", "the echo on a virtual thread", counts);
                oneWay(server, "64 B, one write each", SIZE, SINGLES, counts);
                oneWay(server, "64 B in batches of 64 KiB", BATCH, BATCHES, counts);
                messages(server, counts);
                single(server, counts);
                several(server, counts);
            }
            save();
        }

        private void save() throws IOException {
            Path _ = Files.write(Path.of("figures.new"), lines);
            Path _ = Files.move(Path.of("figures.new"), Path.of("figures"), StandardCopyOption.ATOMIC_MOVE);
        }

        private static int slot(Server server, String name) {
            return server.stats().slots().stream()
                    .filter(line -> line.name().equals(name) || line.name().startsWith(name + "#"))
                    .findFirst()
                    .orElseThrow()
                    .slot();
        }

        private void say(boolean counts, String format, Object... values) {
            if (counts) {
                lines.add(String.format(Locale.ROOT, format, values));
            }
        }

        private void trips(Server server, String echo, String how, boolean counts) {
            long[] times = new long[TRIPS];
            byte[] data = new byte[SIZE];
            try (Pipe pipe = server.pipe(slot(server, echo))) {
                long start = System.nanoTime();
                for (int i = 0; i < TRIPS; i++) {
                    long before = System.nanoTime();
                    pipe.write(data);
                    byte[] back = pipe.read();
                    times[i] = System.nanoTime() - before;
                    if (back.length != SIZE) {
                        throw new IllegalStateException("an echo of " + back.length + " bytes");
                    }
                }
                figures("pipe round trip 64 B, " + how, times, System.nanoTime() - start, counts);
            }
        }

        private void figures(String what, long[] times, long all, boolean counts) {
            Arrays.sort(times);
            say(
                    counts,
                    "%s | %.0f/s | p50 %.1f us | p99 %.1f us",
                    what,
                    times.length * 1e9 / all,
                    times[times.length / 2] / 1e3,
                    times[times.length * 99 / 100] / 1e3);
        }

        private void oneWay(Server server, String how, int length, int count, boolean counts) {
            byte[] data = new byte[length];
            try (Pipe pipe = server.pipe(slot(server, "Sink"))) {
                pipe.write(String.format(Locale.ROOT, "%20d", (long) length * count));
                long start = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    pipe.write(data);
                }
                byte[] _ = pipe.read();
                long nanos = System.nanoTime() - start;
                say(counts, "pipe one way %s | %.2f M messages/s", how, (double) length / SIZE * count * 1e3 / nanos);
            }
        }

        private void messages(Server server, boolean counts) {
            int worker = slot(server, "task");
            byte[] data = new byte[SIZE];
            long[] times = new long[TRIPS];
            long start = System.nanoTime();
            for (int i = 0; i < TRIPS; i++) {
                long before = System.nanoTime();
                server.sendMessage(data, worker);
                times[i] = System.nanoTime() - before;
            }
            figures("sendMessage 64 B until accepted", times, System.nanoTime() - start, counts);
        }

        private void single(Server server, boolean counts) {
            byte[] data = new byte[SIZE];
            long[] times = new long[TRIPS];
            long start = System.nanoTime();
            for (int i = 0; i < TRIPS; i++) {
                long before = System.nanoTime();
                byte[] _ = server.taskWait(data, Duration.ofSeconds(5));
                times[i] = System.nanoTime() - before;
            }
            figures("server.task 64 B, 1 in flight", times, System.nanoTime() - start, counts);
        }

        private void several(Server server, boolean counts) {
            byte[] data = new byte[SIZE];
            Deque<CompletableFuture<byte[]>> open = new ArrayDeque<>();
            long start = System.nanoTime();
            for (int i = 0; i < TASKS; i++) {
                if (open.size() == IN_FLIGHT) {
                    byte[] _ = open.removeFirst().join();
                }
                open.addLast(server.taskAsync(data));
            }
            open.forEach(CompletableFuture::join);
            say(
                    counts,
                    "server.task 64 B, %d in flight | %.0f/s",
                    IN_FLIGHT,
                    TASKS * 1e9 / (System.nanoTime() - start));
        }
    }
}
