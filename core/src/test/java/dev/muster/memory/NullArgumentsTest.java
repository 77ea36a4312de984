package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/// What must not be null is refused by its name, also where it would not have been needed.
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class NullArgumentsTest {
    private static final Table USERS = Table.named("users", 16, Column.text("value", 64), Column.int64("n"));
    private static final Channel<byte[]> BYTES = Channel.bytes("bytes", 5, 1000);

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
    void ofATable() {
        USERS.set("a", Map.of("n", 1));
        refused("key", () -> USERS.get(null));
        refused("key", () -> USERS.set(null, Map.of()));
        refused("key", () -> USERS.increment(null, "n", 1));
        refused("values", () -> USERS.set("a", null));
        refused("prefix", () -> USERS.forEach(null, _ -> {}));
        refused("change", () -> USERS.update("missing", (Function<Row, Map<String, ?>>) null));
        refused("the function given to update has returned null", () -> USERS.update("a", _ -> null));
        for (String column : new String[] {"value", "n"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> USERS.set("a", Collections.singletonMap(column, null)))
                    .withMessageContaining("the column " + column + " takes a")
                    .withMessageContaining("was given null");
        }
        assertThat(USERS.int64("a", "n")).isEqualTo(1);
    }

    @Test
    void ofDeclarations() {
        refused("the name of a table", () -> Table.named(null, 1, Column.int64("n")));
        refused("a column of the table t", () -> Table.named("t", 1, (Column) null));
        refused("the name of a column", () -> Column.int64(null));
        refused("type", () -> new Column("n", null, 8));
        refused("the name of a counter", () -> Counter.named(null));
        refused("codec", () -> Channel.named("c", 1, 1, null));
        refused("type", () -> Channel.json("c", 1, 1, null));
    }

    @Test
    void ofWaits() {
        Counter counter = Counter.named("counter");
        SharedLock lock = SharedLock.named("lock");
        refused("condition", () -> counter.await(null, Duration.ZERO));
        refused("atMost", () -> counter.await(_ -> true, null));
        refused("atMost", () -> lock.tryLock(null));
        assertThat(lock.owner()).isEmpty();
        refused("atMost", () -> BYTES.offer(new byte[1], null));
        refused("atMost", () -> BYTES.receive(null));
        assertThat(BYTES.size()).isZero();
    }

    private static void refused(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessageContaining(name);
    }
}
