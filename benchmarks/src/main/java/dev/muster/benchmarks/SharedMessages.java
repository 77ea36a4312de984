package dev.muster.benchmarks;

import dev.muster.memory.Channel;
import dev.muster.memory.Counter;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.SharedMemory;
import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/// Messages of 64 bytes a second from one process to another through a channel, beside `benchmarks/memory/ring.c`.
public final class SharedMessages {
    private static final int ROUNDS = 5;
    private static final int WARMUP = 3;
    private static final int MESSAGES = 3_000_000;
    private static final Channel<byte[]> CHANNEL = Channel.bytes("messages", 2048, 64);
    /// How many messages the consumer has taken in all rounds.
    private static final Counter TAKEN = Counter.named("taken");

    private static final Duration LONG = Duration.ofMinutes(1);

    private SharedMessages() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            SharedMemory.use(MemoryDirectory.of(
                    Path.of(args[0]), Identity.of(Long.parseLong(args[1])).orElseThrow()));
            consume();
            return;
        }
        Path parent = Files.createTempDirectory(Path.of("/dev/shm"), "muster-benchmark");
        Path board = parent.resolve("board");
        MemoryDirectory directory = MemoryDirectory.create(board, Identity.self());
        SharedMemory.use(directory);
        try {
            produce(board);
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
}
