package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.memory.ChannelLedger.Line;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several producers and consumers in processes of their own: every message arrives once and whole, those of one
/// producer in their order at each consumer.
@Tag("degraded")
@Timeout(120)
@ResourceLock("shared memory of this JVM")
class ChannelProcessesTest {
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;
    private static final int COUNT = 10_000;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"take", "confirm"})
    void everyMessageArrivesOnce(String how) throws Exception {
        try (Application application = Application.start()) {
            List<Process> consumers = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                consumers.add(application.process(
                        ChannelWorker.class,
                        List.of(),
                        how,
                        dir.resolve("got" + i).toString()));
            }
            for (int i = 0; i < PRODUCERS; i++) {
                Process _ = application.process(
                        ChannelWorker.class,
                        List.of(),
                        "put",
                        "" + i,
                        "" + COUNT,
                        dir.resolve("put" + i).toString());
            }
            assertThat(ChannelWorker.FINISHED.await(n -> n == PRODUCERS, Duration.ofSeconds(100)))
                    .isTrue();
            ChannelWorker.CHANNEL.close();
            List<Line> all = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                assertThat(consumers.get(i).waitFor()).isZero();
                List<Line> got = ChannelLedger.read(dir.resolve("got" + i));
                assertThat(inOrder(got)).isTrue();
                all.addAll(got);
            }
            assertThat(all).hasSize(PRODUCERS * COUNT);
            assertThat(new HashSet<>(all)).hasSize(PRODUCERS * COUNT);
            assertThat(ChannelWorker.CHANNEL.stats().lost()).isZero();
            assertThat(ChannelWorker.CHANNEL.stats().returned()).isZero();
        }
    }

    private static boolean inOrder(List<Line> lines) {
        Map<Long, Long> last = new HashMap<>();
        for (Line line : lines) {
            Long before = last.put(line.producer(), line.number());
            if (before != null && before >= line.number()) {
                return false;
            }
        }
        return true;
    }
}
