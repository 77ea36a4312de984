import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntConsumer;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/** The rows of SharedRows in a Chronicle Map: keys of 16 bytes; a number and 200 bytes of text as one value. */
public final class ChronicleRows {
    private static final int ROUNDS = 7;
    private static final int WARMUP = 20;
    private static final long ROUND_NANOS = 200_000_000;
    private static final int STRIDE = 1000;

    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        byte[] value = new byte[208];
        byte[] into = new byte[208];
        byte[][] keys = new byte[rows][];
        File file = File.createTempFile("chronicle", ".map", new File("/dev/shm"));
        try (ChronicleMap<byte[], byte[]> map = ChronicleMapBuilder.of(byte[].class, byte[].class)
                .entries(rows)
                .constantKeySizeBySample(new byte[16])
                .constantValueSizeBySample(value)
                .createPersistedTo(file)) {
            for (int i = 0; i < rows; i++) {
                keys[i] = String.format(Locale.ROOT, "user:%011d", i).getBytes(StandardCharsets.US_ASCII);
                ByteBuffer.wrap(value).putLong(0, i);
                map.put(keys[i], value);
            }
            say(rows, "get", i -> map.getUsing(keys[i], into));
            say(rows, "set", i -> map.put(keys[i], value));
        } finally {
            file.delete();
        }
    }

    private static void say(int rows, String what, IntConsumer operation) {
        double[] rates = new double[ROUNDS];
        int at = 0;
        for (int round = -WARMUP; round < ROUNDS; round++) {
            long done = 0;
            long start = System.nanoTime();
            long time;
            do {
                for (int i = 0; i < STRIDE; i++) {
                    at = at * 1_103_515_245 + 12_345 & 0x7fff_ffff;
                    operation.accept((at >> Byte.SIZE) % rows);
                }
                done += STRIDE;
                time = System.nanoTime() - start;
            } while (time < ROUND_NANOS);
            rates[Math.max(round, 0)] = done * 1e3 / time;
        }
        Arrays.sort(rates);
        System.out.printf(Locale.ROOT, "Chronicle %4d rows  %-13s %6.2f M/s%n", rows, what, rates[ROUNDS / 2]);
    }
}
