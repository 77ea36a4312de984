package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills processes in the middle of changes, at random moments and at every named place. Nothing torn is ever seen;
/// within a second of the end of the process every key can be written again, and every row is there to be used.
///
/// `-Dmuster.kills=1000` makes a campaign of it, `-Dmuster.seed=N` another one.
@Timeout(3600)
@ResourceLock("shared memory of this JVM")
class TableKillTest {
    private static final int KILLS = Integer.getInteger("muster.kills", 10);
    private static final long SEED = Long.getLong("muster.seed", 1);

    @Test
    void atRandomMoments() throws Exception {
        Random random = new Random(SEED);
        try (Application application = Application.start();
                Reader reader = new Reader()) {
            for (int kill = 0; kill < KILLS; kill++) {
                Process process = application.process(TableWorker.class, List.of(), "" + random.nextInt(), "0");
                assertThat(process.inputReader().readLine()).isEqualTo("working");
                long moment = System.nanoTime() + random.nextInt(30_000_000);
                while (System.nanoTime() - moment < 0) {
                    Thread.onSpinWait();
                }
                process.destroyForcibly();
                assertThat(process.waitFor()).isEqualTo(128 + 9);
                everythingCanBeUsed("kill %d of seed %d".formatted(kill, SEED));
                reader.check();
            }
            System.out.printf(
                    "table: %d kills, %d recoveries, %d rows read, seed %d%n",
                    KILLS, TableWorker.TABLE.stats().recoveries(), reader.rows.get(), SEED);
            assertThat(reader.rows.get()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert.taken",
                "insert.filled",
                "insert.linked",
                "insert.live",
                "change.filled",
                "change.done",
                "remove.between",
                "remove.dead",
                "remove.skipped",
                "remove.unlinked",
                "row.freed",
                "table.unlock"
            })
    void at(String place) throws Exception {
        Random random = new Random(SEED);
        try (Application application = Application.start();
                Reader reader = new Reader()) {
            int times = Math.max(1, KILLS / 50);
            for (int kill = 0; kill < times; kill++) {
                List<String> fault = List.of(
                        "-D" + FaultPoint.PLACE + "=" + place,
                        "-D" + FaultPoint.COUNT + "=" + (1 + random.nextInt(2_000)));
                Process process = application.process(TableWorker.class, fault, "" + random.nextInt(), "0");
                assertThat(process.waitFor(60, TimeUnit.SECONDS))
                        .as("it came to " + place)
                        .isTrue();
                assertThat(process.exitValue()).isEqualTo(128 + 9);
                long held = TableAudit.held(TableWorker.TABLE);
                assertThat(held).as("locks that it left").isPositive();
                everythingCanBeUsed(place + " of seed " + SEED);
                reader.check();
                assertThat(TableWorker.TABLE.stats().recoveries()).isPositive();
            }
        }
    }

    private static void everythingCanBeUsed(String when) {
        long start = System.nanoTime();
        Table table = TableWorker.TABLE;
        for (int i = 0; i < TableWorker.KEYS; i++) {
            table.remove("key" + i);
        }
        assertThat(table.size()).as(when).isZero();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < TableWorker.ROWS; i++) {
            keys.add("after " + i);
            table.set("after " + i, TableWorker.stamp(i));
        }
        assertThat(System.nanoTime() - start).as(when).isLessThan(1_000_000_000L);
        assertThat(table.size()).as(when).isEqualTo(TableWorker.ROWS);
        TableAudit.touchAll(table);
        TableAudit.check(table);
        keys.forEach(table::remove);
        table.set("key1", Map.of());
    }

    /// Looks at rows all the time.
    private static final class Reader implements AutoCloseable {
        final AtomicLong rows = new AtomicLong();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private volatile boolean closed;
        private final Thread thread = Thread.ofPlatform().start(this::read);

        private void read() {
            try {
                Random random = new Random(SEED);
                while (!closed) {
                    Row row = TableWorker.TABLE.get("key" + random.nextInt(TableWorker.KEYS));
                    if (row != null) {
                        assertThat(TableWorker.whole(row)).as("row %s", row).isTrue();
                        rows.incrementAndGet();
                    } else {
                        Thread.onSpinWait();
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        }

        void check() {
            assertThat(failure.get()).isNull();
        }

        @Override
        public void close() {
            closed = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            check();
        }
    }
}
