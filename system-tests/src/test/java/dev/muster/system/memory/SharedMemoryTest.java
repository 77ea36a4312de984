package dev.muster.system.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.board.BoardFile;
import dev.muster.memory.ChannelStats;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.MemoryReport;
import dev.muster.memory.MemoryReport.CounterValue;
import dev.muster.memory.MemoryReport.LockState;
import dev.muster.memory.TableStats;
import dev.muster.system.Patience;
import dev.muster.system.apps.Sharing;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real application whose processes share a table, a channel, a counter and a lock, while they are killed.
@Timeout(120)
class SharedMemoryTest {
    @TempDir
    Path directory;

    @Test
    void theLivingGoOnAndANewMasterBeginsAnew() {
        // With a worker, which gives back what the board of the killed master shows: without one it would stay.
        try (RunningApp app = RunningApp.of(Sharing.class, directory).packed().set("tasks.workers", "1")) {
            app.start();
            Patience.await("messages flow").until(() -> taken(app) >= 40);
            MemoryReport before = report(app);
            assertThat(before.tables()).extracting(TableStats::name).containsExactly("sums");
            assertThat(before.counters()).extracting(CounterValue::name).containsExactly("next");
            assertThat(before.locks()).extracting(LockState::owner).containsExactly(app.pid("Holder"));

            long consumer = app.kill9("Consumer");
            app.awaitReplaced("Consumer", consumer);
            long then = taken(app);
            Patience.await("the new consumer goes on").until(() -> taken(app) >= then + 40);
            assertThat(report(app).channels().getFirst().lost()).isZero();

            long holder = app.kill9("Holder");
            app.awaitReplaced("Holder", holder);
            Patience.await("the lock is inherited")
                    .until(() ->
                            report(app).locks().equals(List.of(new LockState("lock", app.pid("Holder"), true, 1))));
            // The rows: last, seen, fresh, inherited.
            Patience.await("all rows")
                    .until(() -> report(app).tables().getFirst().size() == 4);

            app.signal("KILL", app.masterPid());
            app.awaitNoProcess(Duration.ofSeconds(10));
            assertThat(MemoryDirectory.all(BoardFile.place(app.runDir())))
                    .as("what a dead master leaves")
                    .hasSize(1);
            app.start();
            Patience.await("a fresh lock")
                    .until(() ->
                            report(app).locks().equals(List.of(new LockState("lock", app.pid("Holder"), true, 0))));
            assertThat(MemoryDirectory.all(BoardFile.place(app.runDir()))).hasSize(1);
        }
    }

    private static MemoryReport report(RunningApp app) {
        return MemoryReport.of(
                MemoryDirectory.find(BoardFile.place(app.runDir())).orElseThrow());
    }

    private static long taken(RunningApp app) {
        return report(app).channels().stream().mapToLong(ChannelStats::taken).sum();
    }
}
