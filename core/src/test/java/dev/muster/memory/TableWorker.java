package dev.muster.memory;

import java.util.Map;
import java.util.Random;

/// A process that changes rows of a table in such a way that a reader can tell whether what it sees was written as one.
final class TableWorker {
    static final int KEYS = 64;
    static final int ROWS = 48;
    static final String COUNT = "count";
    static final Table TABLE = Table.named(
            "stamped", ROWS, Column.int64("n"), Column.text("value", 256), Column.int64("hits"), Column.int64("twin"));

    private static final int THREADS = 2;

    private TableWorker() {}

    /// `DIRECTORY SEED STEPS`; 0 steps: until it is killed.
    public static void main(String[] args) throws InterruptedException {
        Application.join(args);
        long seed = Long.parseLong(args[1]);
        int steps = Integer.parseInt(args[2]);
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed * THREADS + i);
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int step = 0; steps == 0 || step < steps; step++) {
                    step(random);
                    if (steps > 0) {
                        long _ = TABLE.increment(COUNT, "hits", 1);
                    }
                }
            });
        }
        // A place of a fault may be before this: who waits for the line sees the end instead.
        System.out.println("working");
        System.out.flush();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void step(Random random) {
        String key = "key" + random.nextInt(KEYS);
        try {
            switch (random.nextInt(8)) {
                case 0, 1 -> TABLE.set(key, stamp(random.nextLong(1_000_000)));
                case 2 -> TABLE.add(key, stamp(random.nextLong(1_000_000)));
                case 3 -> TABLE.update(key, row -> stamp(row.int64("n") + 1));
                case 4 -> TABLE.increment(key, "hits", 1);
                case 5 -> TABLE.compareAndSet(key, Map.of("hits", 1), stamp(random.nextLong(1_000_000)));
                case 6 -> TABLE.remove(key);
                default -> TABLE.getAndRemove(key);
            }
        } catch (LimitException _) {
            // More keys than rows: now and then it is full.
        }
    }

    static Map<String, Object> stamp(long n) {
        return Map.of("n", n, "twin", ~n, "value", text(n));
    }

    private static String text(long n) {
        return Character.toString((int) ('a' + n % 26)).repeat((int) (n % 257));
    }

    static boolean whole(Row row) {
        long n = row.int64("n");
        boolean fresh = n == 0 && row.int64("twin") == 0 && row.text("value").isEmpty();
        return fresh || row.int64("twin") == ~n && row.text("value").equals(text(n));
    }
}
