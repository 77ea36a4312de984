package dev.muster.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("degraded")
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class TableTest {
    private static final Table USERS = Table.named(
            "users", 1024, Column.text("value", 256), Column.int64("n"), Column.float64("x"), Column.bytes("raw", 16));

    private Application application;

    @BeforeEach
    void start() {
        application = Application.start();
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void whatWasSetIsThere() {
        assertThat(USERS.set("anna", Map.of("value", "new_value", "n", 7, "x", 0.5, "raw", new byte[] {1, 2})))
                .isFalse();
        assertThat(USERS.get("anna"))
                .isEqualTo(new Row("anna", Map.of("value", "new_value", "n", 7L, "x", 0.5, "raw", new byte[] {1, 2})));
        assertThat(USERS.text("anna", "value")).isEqualTo("new_value");
        assertThat(USERS.int64("anna", "n")).isEqualTo(7);
        assertThat(USERS.float64("anna", "x")).isEqualTo(0.5);
        assertThat(USERS.bytes("anna", "raw")).containsExactly(1, 2);
        assertThat(USERS.contains("anna")).isTrue();
        assertThat(USERS.size()).isEqualTo(1);
        assertThat(USERS.capacity()).isEqualTo(1024);
    }

    @Test
    void aRowThatIsNotThereHasNothing() {
        assertThat(USERS.get("nobody")).isNull();
        assertThat(USERS.text("nobody", "value")).isNull();
        assertThat(USERS.bytes("nobody", "raw")).isNull();
        assertThat(USERS.int64("nobody", "n")).isZero();
        assertThat(USERS.float64("nobody", "x")).isZero();
        assertThat(USERS.contains("nobody")).isFalse();
        assertThat(USERS.update("nobody", Map.of("n", 1))).isFalse();
        assertThat(USERS.update("nobody", _ -> Map.of("n", 1))).isFalse();
        assertThat(USERS.compareAndSet("nobody", Map.of(), Map.of("n", 1))).isFalse();
        assertThat(USERS.remove("nobody")).isFalse();
        assertThat(USERS.getAndRemove("nobody")).isNull();
        assertThat(USERS.size()).isZero();
    }

    @Test
    void aPartialUpdateLeavesTheOtherColumnsAndAnInsertMakesThemZero() {
        USERS.set("anna", Map.of("value", "long long value", "n", 7, "x", 0.5, "raw", new byte[16]));
        assertThat(USERS.set("anna", Map.of("n", 8))).isTrue();
        assertThat(USERS.get("anna").values())
                .containsEntry("value", "long long value")
                .containsEntry("n", 8L);
        assertThat(USERS.remove("anna")).isTrue();
        USERS.set("anna", Map.of("value", ""));
        assertThat(USERS.get("anna"))
                .isEqualTo(new Row("anna", Map.of("value", "", "n", 0L, "x", 0.0, "raw", new byte[0])));
        USERS.set("ben", Map.of());
        assertThat(USERS.get("ben").values()).containsEntry("n", 0L).containsEntry("value", "");
    }

    @Test
    void aRowThatIsRemovedLeavesNothingToTheNextOne() {
        for (int i = 0; i < 3 * USERS.capacity(); i++) {
            USERS.set("key" + i, Map.of("value", "v".repeat(i % 256), "n", i));
            USERS.remove("key" + i);
            USERS.increment("next" + i, "n", 1);
            assertThat(USERS.get("next" + i).values())
                    .containsEntry("value", "")
                    .containsEntry("n", 1L);
            USERS.remove("next" + i);
        }
        assertThat(USERS.size()).isZero();
    }

    @Test
    void addAndUpdateAskWhetherTheRowIsThere() {
        assertThat(USERS.add("anna", Map.of("n", 1))).isTrue();
        assertThat(USERS.add("anna", Map.of("n", 2))).isFalse();
        assertThat(USERS.int64("anna", "n")).isEqualTo(1);
        assertThat(USERS.update("anna", Map.of("n", 3))).isTrue();
        assertThat(USERS.update("anna", row -> Map.of("n", row.int64("n") * 10)))
                .isTrue();
        assertThat(USERS.int64("anna", "n")).isEqualTo(30);
        assertThat(USERS.getAndRemove("anna").int64("n")).isEqualTo(30);
        assertThat(USERS.contains("anna")).isFalse();
    }

    @Test
    void compareAndSetLooksAtTheColumnsThatAreNamed() {
        USERS.set("anna", Map.of("value", "abc", "n", 1));
        assertThat(USERS.compareAndSet("anna", Map.of("value", "ab", "n", 1), Map.of("n", 2)))
                .isFalse();
        assertThat(USERS.compareAndSet("anna", Map.of("value", "abcd"), Map.of("n", 2)))
                .isFalse();
        assertThat(USERS.compareAndSet("anna", Map.of("value", "abc", "x", 0.0), Map.of("n", 2, "value", "de")))
                .isTrue();
        assertThat(USERS.get("anna").values()).containsEntry("value", "de").containsEntry("n", 2L);
        assertThat(USERS.compareAndSet("anna", Map.of(), Map.of("n", 3))).isTrue();
        assertThat(USERS.int64("anna", "n")).isEqualTo(3);
    }

    @Test
    void numbersAreAddedAndDoNotWrap() {
        assertThat(USERS.increment("anna", "n", 5)).isEqualTo(5);
        assertThat(USERS.increment("anna", "n", -7)).isEqualTo(-2);
        assertThat(USERS.increment("anna", "x", 0.25)).isEqualTo(0.25);
        USERS.set("anna", Map.of("n", Long.MAX_VALUE));
        assertThatThrownBy(() -> USERS.increment("anna", "n", 1)).isInstanceOf(ArithmeticException.class);
        assertThat(USERS.int64("anna", "n")).isEqualTo(Long.MAX_VALUE);
        assertThat(USERS.increment("anna", "n", -1)).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    void everyRowThatWasDeclaredCanBeUsedAndNoneMore() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 1024; i++) {
                USERS.set("round " + round + " row " + i, Map.of("n", i));
            }
            assertThat(USERS.size()).isEqualTo(1024);
            assertThatThrownBy(() -> USERS.set("one more", Map.of("n", 1)))
                    .isInstanceOf(LimitException.class)
                    .hasMessage("the table users is full: it has room for 1024 rows; remove some, or declare more");
            assertThat(USERS.contains("one more")).isFalse();
            USERS.set("round " + round + " row 17", Map.of("n", -1));
            for (int i = 0; i < 1024; i++) {
                assertThat(USERS.remove("round " + round + " row " + i)).isTrue();
            }
        }
    }

    @Test
    void nothingIsCut() {
        String longest = "ä".repeat(32);
        USERS.set(longest, Map.of("value", "ö".repeat(128), "raw", new byte[16]));
        assertThat(USERS.text(longest, "value")).isEqualTo("ö".repeat(128));
        assertThatThrownBy(() -> USERS.set(longest + "a", Map.of()))
                .isInstanceOf(LimitException.class)
                .hasMessage("a key of 65 bytes is too long for the table users: its keys have at most 64");
        assertThatThrownBy(() -> USERS.get(longest + "a")).isInstanceOf(LimitException.class);
        assertThatThrownBy(() -> USERS.set("a", Map.of("value", "v".repeat(257))))
                .isInstanceOf(LimitException.class)
                .hasMessage("a value of 257 bytes is too long for the column value of the table users: it has room for"
                        + " 256");
        assertThatThrownBy(() -> USERS.set("a", Map.of("raw", new byte[17]))).isInstanceOf(LimitException.class);
        assertThatThrownBy(() -> USERS.set("a\uD800", Map.of())).hasMessageContaining("surrogate");
        assertThat(USERS.size()).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        assertThatThrownBy(() -> USERS.set("a", Map.of("m", 1)))
                .hasMessage("there is no column 'm' in this table; it has [value, n, x, raw]");
        assertThatThrownBy(() -> USERS.set("a", Map.of("n", 1.5)))
                .hasMessage("the column n takes a Long, Integer, Short or Byte, and was given a Double");
        assertThatThrownBy(() -> USERS.int64("a", "value"))
                .hasMessage("the column value of the table users holds TEXT, not INT64");
        assertThat(USERS.text("a", "n")).isNull();
    }

    @Test
    void declarationsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> Table.named("a/b", 1, Column.int64("n"))).hasMessageContaining("a/b");
        assertThatThrownBy(() -> Table.named("t", 0, Column.int64("n")))
                .hasMessage("the table t cannot have rows=0: legal are 1 to 268435456");
        assertThatThrownBy(() -> Table.named("t", 1, Column.int64("n"), Column.text("n", 1)))
                .hasMessageContaining("two columns called n");
        assertThatThrownBy(() -> Table.named("t", 1)).hasMessageContaining("0 columns");
        assertThatThrownBy(() -> Table.named("t", 1, 2000, Column.int64("n"))).hasMessageContaining("key=2000");
        assertThatThrownBy(() -> Column.text("t", 0)).hasMessageContaining("1 to 1048576");
        assertThatThrownBy(() -> Column.int64("a b")).hasMessageContaining("'a b'");
    }

    @Test
    void anotherSchemaIsAnError() {
        USERS.set("anna", Map.of());
        Table other = Table.named("users", 1024, Column.text("value", 255));
        assertThatThrownBy(() -> other.set("anna", Map.of()))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("'rows=1024 key=64 value:text:255'")
                .hasMessageContaining(
                        "created by process " + ProcessHandle.current().pid())
                .hasMessageContaining("'rows=1024 key=64 value:text:256 n:int64 x:float64 raw:bytes:16'");
    }

    @Test
    void iterationGivesEveryRowOnce() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            USERS.set("user:" + i, Map.of("n", i));
            expected.add("user:" + i);
        }
        USERS.set("other", Map.of());
        List<String> seen = new ArrayList<>();
        USERS.forEach("user:", row -> {
            seen.add(row.key());
            assertThat(row.key()).isEqualTo("user:" + row.int64("n"));
            // The action may change the table.
            USERS.remove(row.key());
        });
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        List<Row> left = new ArrayList<>();
        USERS.forEach(left::add);
        assertThat(left).extracting(Row::key).containsExactly("other");
    }

    @Test
    void keysOfAllLengthsAreToldApart() {
        TreeSet<String> keys = new TreeSet<>();
        for (int length = 0; length <= 64; length++) {
            for (int at = 0; at < length; at += 5) {
                StringBuilder key = new StringBuilder("k".repeat(length));
                key.setCharAt(at, 'x');
                keys.add(key.toString());
            }
            keys.add("k".repeat(length));
        }
        keys.forEach(key -> assertThat(USERS.set(key, Map.of("value", key))).isFalse());
        keys.forEach(key -> assertThat(USERS.text(key, "value")).isEqualTo(key));
        assertThat(USERS.size()).isEqualTo(keys.size());
    }

    @Test
    void aCursorReadsAndWritesBytes() {
        TableCursor cursor = USERS.cursor();
        int n = USERS.column("n");
        int value = USERS.column("value");
        byte[] key = "xxannaxx".getBytes(UTF_8);
        assertThat(cursor.clear().put(n, 5).put(value, "abc".getBytes(UTF_8)).set(key, 2, 4))
                .isFalse();
        assertThat(USERS.text("anna", "value")).isEqualTo("abc");
        assertThat(cursor.read(key, 2, 4)).isTrue();
        byte[] target = new byte[8];
        assertThat(cursor.copy(value, target, 1)).isEqualTo(3);
        assertThat(target).startsWith(0, 'a', 'b', 'c', 0);
        assertThat(cursor.int64("anna".getBytes(UTF_8), n)).isEqualTo(5);
        assertThat(cursor.int64(key, 2, 4, n)).isEqualTo(5);
        assertThat(cursor.int64(key, 1, 4, n)).isZero();
        assertThat(cursor.increment(key, 2, 4, n, -1)).isEqualTo(4);
        assertThat(cursor.increment(key, 2, 4, n, 1)).isEqualTo(5);
        assertThat(cursor.read(key, 2, 4)).isTrue();
        assertThat(cursor.put(n, 6).replace()).isTrue();
        assertThatThrownBy(cursor::replace).isInstanceOf(IllegalStateException.class);
        assertThat(cursor.read(key, 2, 4)).isTrue();
        USERS.increment("anna", "n", 1);
        assertThat(cursor.put(n, 60).replace()).isFalse();
        assertThat(USERS.int64("anna", "n")).isEqualTo(7);
        assertThatThrownBy(() -> cursor.read(key, 6, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void keysOfEachLengthDifferInEachOfTheirBytes() {
        Table keys = Table.named("lengths", 700, 32, Column.int64("n"));
        TableCursor cursor = keys.cursor();
        int n = keys.column("n");
        for (int length = 1; length <= 32; length++) {
            byte[] key = new byte[length];
            for (int i = 0; i < length; i++) {
                key[i] = 1;
                assertThat(cursor.clear().put(n, length * 100L + i).add(key)).isTrue();
                key[i] = 0;
            }
        }
        for (int length = 1; length <= 32; length++) {
            byte[] key = new byte[length];
            for (int i = 0; i < length; i++) {
                assertThat(cursor.int64(key, n)).isZero();
                key[i] = 1;
                assertThat(cursor.int64(key, n)).isEqualTo(length * 100L + i);
                key[i] = 0;
            }
        }
    }

    @Test
    void aRowThatWasRemovedAndPutInAgainIsAnotherOne() {
        USERS.set("anna", Map.of("n", 1));
        TableCursor cursor = USERS.cursor();
        assertThat(cursor.read("anna".getBytes(UTF_8))).isTrue();
        USERS.remove("anna");
        USERS.set("anna", Map.of("n", 1));
        assertThat(cursor.put(USERS.column("n"), 9L).replace()).isFalse();
        assertThat(USERS.int64("anna", "n")).isEqualTo(1);
    }

    @Test
    void figuresAreTold() {
        for (int i = 0; i < 100; i++) {
            USERS.set("k" + i, Map.of());
        }
        TableStats stats = USERS.stats();
        assertThat(stats.name()).isEqualTo("users");
        assertThat(stats.size()).isEqualTo(100);
        assertThat(stats.capacity()).isEqualTo(1024);
        assertThat(stats.longestChain()).isBetween(1, 8);
        assertThat(stats.recoveries()).isZero();
        assertThat(stats.bytes()).isGreaterThan(1024 * (64 + 2 * 300));
    }
}
