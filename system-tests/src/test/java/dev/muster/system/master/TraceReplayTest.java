package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.supervise.TraceReplay;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The trace of a real master, played through the supervisor again.
@Timeout(60)
class TraceReplayTest {
    @TempDir
    Path directory;

    @Test
    void theSameEventsLeadToTheSameDecisions() throws IOException {
        Path trace = directory.resolve("trace");
        RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).option("-Dmuster.trace=" + trace);
        try (app) {
            app.start();
            long first = app.kill9("Ticker");
            app.awaitReplaced("Ticker", first);
            assertThat(app.command("restart", Map.of("slot", "Neighbour")).exitCode())
                    .isZero();
            assertThat(app.command("kill", Map.of("slot", "Neighbour")).exitCode())
                    .isZero();
            Patience.await("both work")
                    .until(() -> app.ps().stream()
                            .allMatch(row -> row.get("state").asString().equals("RUNNING")));
            assertThat(app.command("stop", Map.of("slot", "Ticker")).exitCode()).isZero();
            assertThat(app.stop()).isZero();
        }

        List<String> lines = Files.readAllLines(trace);
        assertThat(lines.stream().filter(line -> line.startsWith("event Exited")))
                .hasSize(5);
        assertThat(TraceReplay.differences(lines)).isEmpty();

        List<String> forged = new ArrayList<>(lines);
        assertThat(forged.removeIf(line -> line.startsWith("event Greeted"))).isTrue();
        assertThat(TraceReplay.differences(forged))
                .as("a history without a greeting")
                .isNotEmpty();
    }
}
