package dev.muster.concurrency.memory;

import dev.muster.memory.Column;
import dev.muster.memory.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What threads are told by the operations of a [Table] is what a map would have told them one after the other.
@Param(name = "key", gen = IntGen.class, conf = "1:3")
@Param(name = "number", gen = IntGen.class, conf = "0:2")
public class TableLinearizabilityTest {
    static final int KEYS = 3;
    static final String NUMBER = "number";
    private static final Table TABLE = Application.table("linear", KEYS, Column.int64(NUMBER));

    /// An empty table.
    public TableLinearizabilityTest() {
        for (int key = 1; key <= KEYS; key++) {
            boolean _ = TABLE.remove(name(key));
        }
    }

    @Operation
    public boolean set(@Param(name = "key") int key, @Param(name = "number") int number) {
        return TABLE.set(name(key), values(number));
    }

    @Operation
    public boolean add(@Param(name = "key") int key, @Param(name = "number") int number) {
        return TABLE.add(name(key), values(number));
    }

    @Operation
    public boolean update(@Param(name = "key") int key, @Param(name = "number") int number) {
        return TABLE.update(name(key), values(number));
    }

    @Operation
    public boolean compareAndSet(
            @Param(name = "key") int key, @Param(name = "number") int expected, @Param(name = "number") int number) {
        return TABLE.compareAndSet(name(key), values(expected), values(number));
    }

    @Operation
    public long increment(@Param(name = "key") int key) {
        return TABLE.increment(name(key), NUMBER, 1);
    }

    @Operation
    public boolean remove(@Param(name = "key") int key) {
        return TABLE.remove(name(key));
    }

    @Operation
    public boolean contains(@Param(name = "key") int key) {
        return TABLE.contains(name(key));
    }

    @Operation
    public long get(@Param(name = "key") int key) {
        return TABLE.int64(name(key), NUMBER);
    }

    private static String name(int key) {
        return "key-" + key;
    }

    private static Map<String, Long> values(int number) {
        return Map.of(NUMBER, (long) number);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isLikeAMap() {
        Linearizability.check(TableLinearizabilityTest.class, OneAfterTheOther.class);
    }

    /// The map.
    public static final class OneAfterTheOther {
        private final Map<Integer, Long> map = new HashMap<>();

        public boolean set(int key, int number) {
            return map.put(key, (long) number) != null;
        }

        public boolean add(int key, int number) {
            return map.putIfAbsent(key, (long) number) == null;
        }

        public boolean update(int key, int number) {
            return map.replace(key, (long) number) != null;
        }

        public boolean compareAndSet(int key, int expected, int number) {
            return map.replace(key, (long) expected, (long) number);
        }

        public long increment(int key) {
            return map.merge(key, 1L, Long::sum);
        }

        public boolean remove(int key) {
            return map.remove(key) != null;
        }

        public boolean contains(int key) {
            return map.containsKey(key);
        }

        public long get(int key) {
            return map.getOrDefault(key, 0L);
        }
    }
}
