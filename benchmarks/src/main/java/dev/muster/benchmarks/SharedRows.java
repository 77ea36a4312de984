package dev.muster.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.muster.memory.Column;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.SharedMemory;
import dev.muster.memory.Table;
import dev.muster.memory.TableCursor;
import dev.muster.os.Identity;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Operations a second on a shared table, in one process and in two at once; the same keys and values as
/// `benchmarks/memory/table.c`. Keys stand one behind the other in memory there and here. Also what a million calls
/// allocate, and, beside it, a `ConcurrentHashMap` in the heap: with the very strings that are in it, whose hash is
/// known, and with equal ones.
///
/// With the program, which is `table.c` compiled, only the two are compared, in turns and on the same table in the same
/// memory: what a lookup costs that misses the caches depends on where the host keeps the pages, on the processor and
/// on what else it does, and differs twofold from one run to the next. To be run on one processor, with `taskset`.
///
/// `SharedRows ROWS [PROGRAM]`
public final class SharedRows {
    private static final int ROUNDS = 7;
    private static final int WARMUP = 20;
    private static final long ROUND_NANOS = 200_000_000;
    private static final int STRIDE = 1000;
    private static final int MILLION = 1_000_000;
    private static final int KEY = 16;
    private static final int TEXT = 200;
    private static final String[] NAMES = {
        "get", "set", "get int64", "increment", "get(String)", "set(String)", "int64(String)"
    };
    private static final int BYTE_LEVEL = 4;
    private static final int IN_C = 3;

    private final int rows;
    private final byte[] keys;
    private final TableCursor cursor;
    private final Table table;
    private final int n;
    private final int value;
    private final byte[] text = new byte[TEXT];
    private final String string = "v".repeat(TEXT);
    private final String[] strings;
    private int k = (int) ProcessHandle.current().pid();
    private long sink;

    private SharedRows(int rows) {
        this.rows = rows;
        table = Table.named("rows", rows, KEY, Column.int64("n"), Column.text("value", 256));
        keys = new byte[rows * KEY];
        strings = new String[rows];
        for (int i = 0; i < rows; i++) {
            strings[i] = String.format(Locale.ROOT, "user:%011d", i);
            System.arraycopy(strings[i].getBytes(US_ASCII), 0, keys, i * KEY, KEY);
        }
        cursor = table.cursor();
        n = table.column("n");
        value = table.column("value");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 2) {
            Path board = Path.of(args[1]);
            SharedMemory.use(MemoryDirectory.of(
                    board, Identity.of(Long.parseLong(args[2])).orElseThrow()));
            new SharedRows(Integer.parseInt(args[0])).answer();
            return;
        }
        Path parent = Files.createTempDirectory(Path.of("/dev/shm"), "muster-benchmark");
        Path board = parent.resolve("board");
        MemoryDirectory directory = MemoryDirectory.create(board, Identity.self());
        SharedMemory.use(directory);
        try {
            SharedRows shared = new SharedRows(Integer.parseInt(args[0]));
            shared.fill();
            if (args.length > 1) {
                shared.beside(args[1], directory.path().resolve("table.rows"));
            } else {
                shared.measure(board);
                shared.map();
            }
            System.out.printf("(%d rounds of %d ms, medians; %d)%n", ROUNDS, ROUND_NANOS / MILLION, shared.sink & 1);
        } finally {
            SharedMemory.leave(directory);
            directory.delete();
            Files.delete(parent);
        }
    }

    private void fill() {
        for (int i = 0; i < rows; i++) {
            boolean _ = cursor.clear().put(n, i).put(value, text).set(keys, i * KEY, KEY);
        }
    }

    private void measure(Path board) throws IOException, InterruptedException {
        double[] alone = new double[NAMES.length];
        for (int what = 0; what < NAMES.length; what++) {
            alone[what] = median(rates(what));
        }
        double[] both = together(board);
        for (int what = 0; what < NAMES.length; what++) {
            String more = what < BYTE_LEVEL
                    ? String.format(
                            Locale.ROOT,
                            "  two processes %6.2f M/s (%.2f times)  allocated by a million %d bytes",
                            both[what],
                            both[what] / alone[what],
                            allocated(what))
                    : "";
            System.out.printf(Locale.ROOT, "Table %8d rows  %-13s %6.2f M/s%s%n", rows, NAMES[what], alone[what], more);
        }
    }

    /// The same in C on the same table, in turns.
    private void beside(String program, Path file) throws IOException, InterruptedException {
        Process c = new ProcessBuilder(program, Integer.toString(rows), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader from = c.inputReader();
                BufferedWriter to = c.outputWriter()) {
            for (int what = 0; what < IN_C; what++) {
                double[] here = new double[ROUNDS];
                double[] there = new double[ROUNDS];
                double[] times = new double[ROUNDS];
                for (int round = -WARMUP; round < ROUNDS; round++) {
                    int at = Math.max(round, 0);
                    here[at] = rate(what);
                    there[at] = ordered(what, from, to);
                    times[at] = here[at] / there[at];
                }
                System.out.printf(
                        Locale.ROOT,
                        "Table %8d rows  %-13s %6.2f M/s, C in turns %6.2f M/s: %.2f times (%.2f to %.2f)%n",
                        rows,
                        NAMES[what],
                        median(here),
                        median(there),
                        median(times),
                        Arrays.stream(times).min().orElseThrow(),
                        Arrays.stream(times).max().orElseThrow());
            }
        }
        int _ = c.waitFor();
    }

    private static double ordered(int what, BufferedReader from, BufferedWriter to) throws IOException {
        to.write(what + "\n");
        to.flush();
        return Double.parseDouble(String.valueOf(from.readLine()));
    }

    private double[] together(Path board) throws IOException, InterruptedException {
        double[] both = new double[BYTE_LEVEL];
        Process other = other(board);
        try (BufferedReader from = other.inputReader();
                BufferedWriter to = other.outputWriter()) {
            for (int what = 0; what < BYTE_LEVEL; what++) {
                double[] rates = new double[ROUNDS];
                for (int round = -WARMUP; round < ROUNDS; round++) {
                    to.write(what + "\n");
                    to.flush();
                    double own = rate(what);
                    double rate = own + Double.parseDouble(String.valueOf(from.readLine()));
                    rates[Math.max(round, 0)] = rate;
                }
                both[what] = median(rates);
            }
        }
        int _ = other.waitFor();
        return both;
    }

    /// What a million calls allocate, when they are compiled.
    private long allocated(int what) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < MILLION / STRIDE; i++) {
            sink += operate(what);
        }
        return threads.getThreadAllocatedBytes(thread) - before;
    }

    private Process other(Path board) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SharedRows.class.getName(),
                        Integer.toString(rows),
                        board.toString(),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void answer() throws IOException {
        try (BufferedReader orders = new BufferedReader(new java.io.InputStreamReader(System.in, US_ASCII))) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(rate(Integer.parseInt(order)));
            }
        }
    }

    private double[] rates(int what) {
        double[] rates = new double[ROUNDS];
        for (int round = -WARMUP; round < ROUNDS; round++) {
            rates[Math.max(round, 0)] = rate(what);
        }
        return rates;
    }

    private double rate(int what) {
        return rate(() -> operate(what));
    }

    private double rate(LongSupplier stride) {
        long done = 0;
        long start = System.nanoTime();
        long time;
        do {
            sink += stride.getAsLong();
            done += STRIDE;
            time = System.nanoTime() - start;
        } while (time < ROUND_NANOS);
        return done * 1e3 / time;
    }

    private long operate(int what) {
        return switch (what) {
            case 0 -> get();
            case 1 -> set();
            case 2 -> number();
            case 3 -> increment();
            case 4 -> getStrings();
            case 5 -> setStrings();
            default -> numberStrings();
        };
    }

    /// The lowest bits of `k` repeat after a few steps, and the processor would learn them.
    private int next() {
        k = k * 1_103_515_245 + 12_345 & 0x7FFF_FFFF;
        return (k >> Byte.SIZE) % rows;
    }

    private long get() {
        long sum = 0;
        for (int i = 0; i < STRIDE; i++) {
            if (cursor.read(keys, next() * KEY, KEY)) {
                sum += cursor.int64(n) + cursor.length(value);
            }
        }
        return sum;
    }

    private long set() {
        for (int i = 0; i < STRIDE; i++) {
            boolean _ = cursor.clear().put(n, i).put(value, text).set(keys, next() * KEY, KEY);
        }
        return k;
    }

    private long number() {
        long sum = 0;
        for (int i = 0; i < STRIDE; i++) {
            sum += cursor.int64(keys, next() * KEY, KEY, n);
        }
        return sum;
    }

    private long increment() {
        long sum = 0;
        for (int i = 0; i < STRIDE; i++) {
            sum += cursor.increment(keys, next() * KEY, KEY, n, 1);
        }
        return sum;
    }

    private long getStrings() {
        long sum = 0;
        for (int i = 0; i < STRIDE; i++) {
            var row = table.get(strings[next()]);
            sum += row == null ? 0 : row.int64("n");
        }
        return sum;
    }

    private long setStrings() {
        for (int i = 0; i < STRIDE; i++) {
            boolean _ = table.set(strings[next()], Map.of("n", i, "value", string));
        }
        return k;
    }

    private long numberStrings() {
        long sum = 0;
        for (int i = 0; i < STRIDE; i++) {
            sum += table.int64(strings[next()], "n");
        }
        return sum;
    }

    private record Values(long n, String value) {}

    // It is measured for its own sake.
    @SuppressWarnings("UnnecessaryAsync")
    private void map() {
        ConcurrentHashMap<String, Values> map = new ConcurrentHashMap<>();
        for (String key : strings) {
            map.put(key, new Values(1, string));
        }
        mapped("with the strings in it", map);
        for (int i = 0; i < rows; i++) {
            strings[i] = new String(keys, i * KEY, KEY, US_ASCII);
        }
        mapped("with equal strings", map);
    }

    private void mapped(String how, ConcurrentHashMap<String, Values> map) {
        double[] rates = new double[ROUNDS];
        for (int round = -WARMUP; round < ROUNDS; round++) {
            rates[Math.max(round, 0)] = rate(() -> {
                long sum = 0;
                for (int i = 0; i < STRIDE; i++) {
                    Values found = map.get(strings[next()]);
                    sum += found == null ? 0 : found.n();
                }
                return sum;
            });
        }
        System.out.printf(Locale.ROOT, "ConcurrentHashMap %d rows  get int64 %s %6.2f M/s%n", rows, how, median(rates));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
