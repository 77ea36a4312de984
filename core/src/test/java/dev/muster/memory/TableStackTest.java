package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A stack that overflows in the middle of a change leaves nothing that stays: its process lives on, so nobody would
/// take it over.
@Timeout(120)
@ResourceLock("shared memory of this JVM")
class TableStackTest {
    private static final Table TABLE = Table.named("deep", 8, Column.int64("n"), Column.text("value", 64));
    private static final int OVERFLOWS = 2_000;

    @Test
    void nothingStaysLocked() throws Exception {
        try (Application _ = Application.start()) {
            AtomicInteger overflows = new AtomicInteger();
            Thread thread = new Thread(
                    null,
                    () -> {
                        for (int i = 0; i < OVERFLOWS; i++) {
                            try {
                                descend(i);
                            } catch (StackOverflowError _) {
                                overflows.incrementAndGet();
                            }
                        }
                    },
                    "deep",
                    256 << 10);
            thread.start();
            thread.join();
            assertThat(overflows).hasValue(OVERFLOWS);
            TableAudit.touchAll(TABLE);
            TableAudit.check(TABLE);
        }
    }

    private static int descend(int n) {
        TABLE.set("a", Map.of("n", n));
        TABLE.remove("a");
        return n < 0 ? 0 : descend(n + 1) + 1;
    }
}
