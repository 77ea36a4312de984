package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/// A second start on a run directory in use.
@Timeout(120)
@Tag("long")
class DoubleStartTest {
    @TempDir
    Path directory;

    @Test
    void theSecondIsRefusedAndTheFirstDoesNotNotice() throws IOException {
        try (RunningApp first =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).start()) {
            long ticker = first.pid("Ticker");
            Path elsewhere = Files.createDirectory(directory.resolve("second"));
            RunningApp second = RunningApp.of(Ticking.class, elsewhere)
                    .packed(Ledger.class)
                    .set("run.dir", first.runDir().toString());

            long begin = System.nanoTime();
            assertThat(second.launch().awaitExit()).isEqualTo(69);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));

            assertThat(second.output())
                    .contains("already running")
                    .contains(first.runDir().toString())
                    .contains("master pid " + first.masterPid());
            assertThat(second.processes()).isEmpty();
            assertThat(first.pid("Ticker")).isEqualTo(ticker);
            assertThat(first.deaths()).isEmpty();
            int ticks = Ledger.texts(directory, "ticks").size();
            Patience.await("more ticks")
                    .until(() -> Ledger.texts(directory, "ticks").size() > ticks + 2);
        }
    }

    @Test
    void itIsRefusedAlsoWhenTheRunDirectoryWasRemoved() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (RunningApp first =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).start()) {
            long master = first.masterPid();
            removeTree(first.runDir());
            RunningApp second = RunningApp.of(Ticking.class, other)
                    .packed(Ledger.class)
                    .set("run.dir", first.runDir().toString());

            assertThat(second.launch().awaitExit()).isEqualTo(69);

            assertThat(second.output())
                    .contains("the master with pid " + master + " still runs")
                    .contains("kill -TERM " + master);
            first.signal("TERM", master);
            assertThat(first.awaitExit()).isZero();
        }
    }

    /// In memory the board goes with the directory. The other start cannot be refused then, but nobody fights with
    /// it.
    @Test
    void oneWhoseRunDirectoryWasInMemoryLeavesItToTheNext(@TempDir(factory = InMemory.class) Path memory)
            throws IOException {
        Path run = Files.createSymbolicLink(directory.resolve("run"), memory);
        try (RunningApp first = RunningApp.of(Ticking.class, directory)
                        .packed(Ledger.class)
                        .start();
                RunningApp second = RunningApp.of(Ticking.class, directory)
                        .packed(Ledger.class)
                        .set("data.dir", directory.resolve("other").toString())) {
            long master = first.masterPid();
            Files.delete(run);

            second.start();

            first.awaitOutput("the run directory was removed, and the master with pid " + second.masterPid()
                    + " has it now; end this one with kill -TERM " + master);
            assertThat(second.masterPid()).isNotEqualTo(master);
            first.signal("TERM", master);
            assertThat(first.awaitExit()).isZero();
            assertThat(second.slot("Ticker").get("state").asString()).isEqualTo("RUNNING");
            long killed = second.kill9("Ticker");
            second.awaitReplaced("Ticker", killed);
            // Perhaps it was noticed before the second one was there, too.
            assertThat(second.output())
                    .containsOnlyOnce(
                            "was deleted or replaced, and cannot be made again: the run directory was removed");
        }
    }

    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
            return Files.createTempDirectory(Path.of("/dev/shm"), "muster-test-");
        }
    }

    private static void removeTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
