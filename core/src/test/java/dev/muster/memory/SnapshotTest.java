package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Several that save to one path at the same time.
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class SnapshotTest {
    private static final Table USERS = Table.named("users", 1024, Column.text("value", 64));
    private static final int ROWS = 500;
    private static final int SAVERS = 4;
    private static final int ROUNDS = 20;

    @TempDir
    private Path dir;

    @Test
    void theFileIsThatOfOneOfThem() throws Exception {
        Path file = dir.resolve("users.json");
        try (Application _ = Application.start()) {
            for (int i = 0; i < ROWS; i++) {
                USERS.set("user " + i, Map.of("value", "x".repeat(i % 64)));
            }
            CyclicBarrier together = new CyclicBarrier(SAVERS);
            List<FutureTask<Integer>> savers = new ArrayList<>();
            for (int i = 0; i < SAVERS; i++) {
                FutureTask<Integer> saver = new FutureTask<>(() -> {
                    int saved = 0;
                    for (int round = 0; round < ROUNDS; round++) {
                        together.await();
                        saved += USERS.save(file);
                        together.await();
                        // Nobody saves at this moment.
                        assertThat(Files.readAllLines(file)).hasSize(ROWS + 1);
                    }
                    return saved;
                });
                savers.add(saver);
                Thread.ofPlatform().start(saver);
            }
            for (FutureTask<Integer> saver : savers) {
                assertThat(saver.get()).isEqualTo(ROUNDS * ROWS);
            }
            assertThat(USERS.load(file)).isEqualTo(ROWS);
        }
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files).as("nothing else is left").containsExactly(file);
        }
    }
}
