package dev.muster.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.muster.memory.Column;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.SharedMemory;
import dev.muster.memory.Table;
import dev.muster.memory.TableCursor;
import dev.muster.os.Identity;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Operations a second on a shared table, in one process and in two at once; the same keys and values as
/// `benchmarks/memory/table.c`.
///
/// `SharedRows ROWS`
public final class SharedRows {
    private static final int ROUNDS = 5;
    private static final int WARMUP = 4;
    private static final int OPERATIONS = 3_000_000;
    private static final int TEXT = 200;
    private static final String[] NAMES = {"get", "set", "get int64", "get(String)", "set(String)"};
    private static final int IN_TWO = 3;

    private final int rows;
    private final byte[][] keys;
    private final TableCursor cursor;
    private final Table table;
    private final int n;
    private final int value;
    private final byte[] text = new byte[TEXT];
    private final String string = "v".repeat(TEXT);
    private final String[] strings;
    private long sink;

    private SharedRows(int rows) {
        this.rows = rows;
        table = Table.named("rows", rows, 16, Column.int64("n"), Column.text("value", 256));
        keys = new byte[rows][];
        strings = new String[rows];
        for (int i = 0; i < rows; i++) {
            strings[i] = String.format(Locale.ROOT, "user:%011d", i);
            keys[i] = strings[i].getBytes(US_ASCII);
        }
        cursor = table.cursor();
        n = table.column("n");
        value = table.column("value");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 1) {
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
            new SharedRows(Integer.parseInt(args[0])).measure(board);
        } finally {
            SharedMemory.leave(directory);
            directory.delete();
            Files.delete(parent);
        }
    }

    private void measure(Path board) throws IOException, InterruptedException {
        for (int i = 0; i < rows; i++) {
            boolean _ = cursor.clear().put(n, i).put(value, text).set(keys[i]);
        }
        double[][] alone = new double[NAMES.length][ROUNDS];
        double[][] both = new double[NAMES.length][ROUNDS];
        for (int what = 0; what < NAMES.length; what++) {
            for (int round = -WARMUP; round < ROUNDS; round++) {
                double rate = rate(what);
                if (round >= 0) {
                    alone[what][round] = rate;
                }
            }
        }
        Process other = other(board);
        try (BufferedReader from = other.inputReader()) {
            var to = other.outputWriter();
            for (int what = 0; what < IN_TWO; what++) {
                for (int round = -WARMUP; round < ROUNDS; round++) {
                    to.write(what + "\n");
                    to.flush();
                    double rate = rate(what) + Double.parseDouble(String.valueOf(from.readLine()));
                    if (round >= 0) {
                        both[what][round] = rate;
                    }
                }
            }
            to.close();
        }
        int _ = other.waitFor();
        for (int what = 0; what < NAMES.length; what++) {
            System.out.printf(
                    Locale.ROOT,
                    "Table %8d rows  %-11s %6.2f M/s%s%n",
                    rows,
                    NAMES[what],
                    median(alone[what]),
                    what < IN_TWO ? String.format(Locale.ROOT, "  two processes %6.2f M/s", median(both[what])) : "");
        }
        System.out.printf(Locale.ROOT, "ConcurrentHashMap %d rows  get %6.2f M/s%n", rows, map());
        System.out.println(sink == 42 ? "" : "(" + ROUNDS + " rounds of " + OPERATIONS + " operations, medians)");
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

    private double rate(int what) {
        long start = System.nanoTime();
        long sum = switch (what) {
            case 0 -> get();
            case 1 -> set();
            case 2 -> number();
            case 3 -> getStrings();
            default -> setStrings();
        };
        sink += sum;
        return OPERATIONS / ((System.nanoTime() - start) / 1e3);
    }

    private static int step(int k) {
        return k * 1_103_515_245 + 12_345 & 0x7FFF_FFFF;
    }

    private long get() {
        long sum = 0;
        int k = 1;
        for (int i = 0; i < OPERATIONS; i++) {
            k = step(k);
            if (cursor.read(keys[k % rows])) {
                sum += cursor.int64(n) + cursor.length(value);
            }
        }
        return sum;
    }

    private long set() {
        int k = 1;
        for (int i = 0; i < OPERATIONS; i++) {
            k = step(k);
            boolean _ = cursor.clear().put(n, i).put(value, text).set(keys[k % rows]);
        }
        return k;
    }

    private long number() {
        long sum = 0;
        int k = 1;
        for (int i = 0; i < OPERATIONS; i++) {
            k = step(k);
            sum += cursor.int64(keys[k % rows], n);
        }
        return sum;
    }

    private long getStrings() {
        long sum = 0;
        int k = 1;
        for (int i = 0; i < OPERATIONS; i++) {
            k = step(k);
            var row = table.get(strings[k % rows]);
            sum += row == null ? 0 : row.int64("n");
        }
        return sum;
    }

    private long setStrings() {
        int k = 1;
        for (int i = 0; i < OPERATIONS; i++) {
            k = step(k);
            boolean _ = table.set(strings[k % rows], Map.of("n", i, "value", string));
        }
        return k;
    }

    private record Values(long n, String value) {}

    // It is measured for its own sake.
    @SuppressWarnings("UnnecessaryAsync")
    private double map() {
        ConcurrentHashMap<String, Values> map = new ConcurrentHashMap<>();
        for (String key : strings) {
            map.put(key, new Values(1, string));
        }
        double[] rates = new double[ROUNDS];
        for (int round = -WARMUP; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long sum = 0;
            int k = 1;
            for (int i = 0; i < OPERATIONS; i++) {
                k = step(k);
                Values found = map.get(strings[k % rows]);
                sum += found == null ? 0 : found.n();
            }
            sink += sum;
            if (round >= 0) {
                rates[round] = OPERATIONS / ((System.nanoTime() - start) / 1e3);
            }
        }
        return median(rates);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
