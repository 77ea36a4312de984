package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random operations on a table and on a plain map give the same answers, also while the table is full.
@Tag("degraded")
@Timeout(120)
@ResourceLock("shared memory of this JVM")
class TableModelTest {
    private static final int ROWS = 50;
    private static final int KEYS = 70;
    private static final int STEPS = 20_000;

    private final Map<String, Map<String, Object>> model = new HashMap<>();
    private Application application;
    private Table table;
    private Random random;

    @BeforeEach
    void start() {
        application = Application.start();
        table = Table.named("model", ROWS, Column.text("t", 40), Column.int64("n"), Column.float64("x"));
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void tableAndMapAgree(long seed) {
        random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            String key = key();
            step(key);
            if (step % 500 == 0) {
                compare();
                TableAudit.check(table);
            } else {
                compare(key);
            }
        }
        compare();
    }

    private void step(String key) {
        boolean there = model.containsKey(key);
        boolean full = model.size() == ROWS;
        Map<String, Object> values = values();
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                if (!there && full) {
                    assertThatThrownBy(() -> table.set(key, values)).isInstanceOf(LimitException.class);
                } else {
                    assertThat(table.set(key, values)).isEqualTo(there);
                    put(key, values);
                }
            }
            case 2 -> {
                if (!there && full) {
                    assertThatThrownBy(() -> table.add(key, values)).isInstanceOf(LimitException.class);
                } else {
                    assertThat(table.add(key, values)).isEqualTo(!there);
                    if (!there) {
                        put(key, values);
                    }
                }
            }
            case 3 -> {
                assertThat(table.update(key, values)).isEqualTo(there);
                if (there) {
                    put(key, values);
                }
            }
            case 4 -> {
                assertThat(table.update(key, row -> Map.of("t", "x" + row.int64("n"))))
                        .isEqualTo(there);
                if (there) {
                    put(key, Map.of("t", "x" + model.get(key).get("n")));
                }
            }
            case 5 -> {
                if (there || !full) {
                    long before = there ? (Long) model.get(key).get("n") : 0;
                    assertThat(table.increment(key, "n", 3)).isEqualTo(before + 3);
                    put(key, Map.of("n", before + 3));
                }
            }
            case 6 -> {
                Map<String, Object> expected = there && random.nextBoolean() ? model.get(key) : values();
                boolean equal = there
                        && expected.entrySet().stream()
                                .allMatch(each ->
                                        each.getValue().equals(model.get(key).get(each.getKey())));
                assertThat(table.compareAndSet(key, expected, values)).isEqualTo(equal);
                if (equal) {
                    put(key, values);
                }
            }
            case 7 -> assertThat(table.remove(key)).isEqualTo(model.remove(key) != null);
            case 8 -> {
                Row row = table.getAndRemove(key);
                assertThat(row == null ? null : row.values()).isEqualTo(model.remove(key));
            }
            default -> throw new AssertionError();
        }
    }

    private void put(String key, Map<String, Object> values) {
        model.computeIfAbsent(key, _ -> new HashMap<>(Map.of("t", "", "n", 0L, "x", 0.0)))
                .putAll(values);
    }

    private void compare(String key) {
        Row row = table.get(key);
        assertThat(row == null ? null : row.values()).isEqualTo(model.get(key));
        assertThat(table.contains(key)).isEqualTo(model.containsKey(key));
    }

    private void compare() {
        Map<String, Map<String, Object>> found = new HashMap<>();
        table.forEach(row -> assertThat(found.put(row.key(), row.values())).isNull());
        assertThat(found).isEqualTo(model);
        assertThat(table.size()).isEqualTo(model.size());
    }

    private String key() {
        int number = random.nextInt(KEYS);
        return "k".repeat(number % 60) + number;
    }

    private Map<String, Object> values() {
        List<Map.Entry<String, Object>> all = new ArrayList<>(List.of(
                Map.entry("t", "v".repeat(random.nextInt(41))),
                Map.entry("n", (Object) random.nextLong(5)),
                Map.entry("x", (Object) random.nextDouble())));
        all.removeIf(_ -> random.nextBoolean());
        Map<String, Object> values = new HashMap<>();
        all.forEach(each -> values.put(each.getKey(), each.getValue()));
        return values;
    }
}
