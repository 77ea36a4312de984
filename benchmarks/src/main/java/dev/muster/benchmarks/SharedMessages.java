package dev.muster.benchmarks;

import dev.muster.board.Board;
import dev.muster.board.BoardSlot;
import dev.muster.memory.Channel;
import dev.muster.memory.Counter;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.SharedMemory;
import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/// Messages of 64 bytes a second from one process to another through a channel, and how long a consumer that sleeps
/// takes from the call that puts a message until it has it; beside `benchmarks/memory/ring.c`. Also a heartbeat.
public final class SharedMessages {
    private static final int ROUNDS = 5;
    private static final int WARMUP = 3;
    private static final int MESSAGES = 3_000_000;
    private static final Channel<byte[]> CHANNEL = Channel.bytes("messages", 2048, 64);
    /// How many messages the consumer has taken in all rounds.
    private static final Counter TAKEN = Counter.named("taken");

    /// Each message is the instant at which it was put.
    private static final Channel<byte[]> WAKES = Channel.bytes("wakes", 16, Long.BYTES);

    private static final int WAKE_WARMUP = 3000;
    private static final int WAKE_TIMES = 5000;
    private static final long PAUSE_NANOS = 200_000;
    private static final int BEATS = 20_000_000;

    private static final Duration LONG = Duration.ofMinutes(1);

    private SharedMessages() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            SharedMemory.use(MemoryDirectory.of(
                    Path.of(args[0]), Identity.of(Long.parseLong(args[1])).orElseThrow()));
            consume();
            sleep();
            return;
        }
        Path parent = Files.createTempDirectory(Path.of("/dev/shm"), "muster-benchmark");
        Path board = parent.resolve("board");
        MemoryDirectory directory = MemoryDirectory.create(board, Identity.self());
        SharedMemory.use(directory);
        try {
            produce(board);
            beat(parent.resolve("beats"));
        } finally {
            SharedMemory.leave(directory);
            directory.delete();
            Files.delete(parent);
        }
    }

    private static void produce(Path board) throws IOException, InterruptedException {
        Process consumer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SharedMessages.class.getName(),
                        board.toString(),
                        Long.toString(ProcessHandle.current().pid()))
                .inheritIO()
                .start();
        byte[] message = new byte[64];
        double[] rates = new double[ROUNDS];
        for (int round = -WARMUP; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < MESSAGES; i++) {
                if (!CHANNEL.offerBytes(message, 0, message.length)) {
                    CHANNEL.put(message);
                }
            }
            long all = (round + WARMUP + 1L) * MESSAGES;
            if (!TAKEN.await(taken -> taken == all, LONG)) {
                throw new IllegalStateException("the consumer has taken " + TAKEN.get() + " of " + all);
            }
            if (round >= 0) {
                rates[round] = MESSAGES / ((System.nanoTime() - start) / 1e3);
            }
        }
        CHANNEL.close();
        for (int i = 0; i < WAKE_WARMUP + WAKE_TIMES; i++) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < PAUSE_NANOS) {
                Thread.onSpinWait();
            }
            WAKES.put(ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array());
        }
        int _ = consumer.waitFor();
        Arrays.sort(rates);
        System.out.printf(Locale.ROOT, "Channel, 64 bytes, crash-safe, two processes  %6.2f M/s%n", rates[ROUNDS / 2]);
    }

    private static void consume() throws InterruptedException {
        byte[] target = new byte[64];
        long taken = 0;
        while (true) {
            if (CHANNEL.pollBytes(target, 0) >= 0 || CHANNEL.poll(LONG) != null) {
                taken++;
            } else if (CHANNEL.drained()) {
                return;
            }
            if (taken == MESSAGES) {
                TAKEN.add(taken);
                taken = 0;
            }
        }
    }

    private static void sleep() throws InterruptedException {
        long[] times = new long[WAKE_TIMES];
        for (int i = -WAKE_WARMUP; i < WAKE_TIMES; i++) {
            long put = ByteBuffer.wrap(WAKES.take()).getLong();
            times[Math.max(i, 0)] = System.nanoTime() - put;
        }
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "Channel, a consumer that sleeps has the message after: p50 %.1f us, p99 %.1f us%n",
                times[WAKE_TIMES / 2] / 1e3,
                times[WAKE_TIMES * 99 / 100] / 1e3);
    }

    private static void beat(Path file) throws IOException {
        try (Board board = Board.create(file, 1, Identity.self())) {
            BoardSlot slot = board.slot(0);
            double[] each = new double[ROUNDS];
            long sum = 0;
            for (int round = -WARMUP; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < BEATS; i++) {
                    sum += System.nanoTime();
                    slot.beat();
                }
                each[Math.max(round, 0)] = (double) (System.nanoTime() - start) / BEATS;
            }
            Arrays.sort(each);
            System.out.printf(Locale.ROOT, "a heartbeat with the clock %.1f ns (%d)%n", each[ROUNDS / 2], sum & 1);
        }
        Files.delete(file);
    }
}
