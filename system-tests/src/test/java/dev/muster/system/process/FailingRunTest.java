package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Failing;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs that throw, under each value of `onError`; a stack overflow is an exception like another.
@Timeout(60)
class FailingRunTest {
    @TempDir
    Path directory;

    @Test
    void whatFollowsIsWhatWasDeclared() throws IOException {
        try (RunningApp app =
                RunningApp.of(Failing.class, directory).packed(Ledger.class).start()) {
            long continues = app.pid("Continues");
            long overflows = app.pid("Overflows");

            assertThat(app.awaitState("Stops", "STOPPED").get("pid").asLong()).isZero();
            var stopped = app.awaitDeath("Stops");
            assertThat(stopped.get("reason").asString()).isEqualTo("ERROR");
            assertThat(stopped.get("code").asInt()).isEqualTo(1);
            assertThat(stopped.get("detail").asString()).contains("leave me alone");

            var restarted = app.awaitDeath("Restarts");
            assertThat(restarted.get("reason").asString()).isEqualTo("ERROR");
            assertThat(restarted.get("code").asInt()).isEqualTo(1);
            app.awaitReplaced("Restarts", restarted.get("pid").asLong());

            Patience.await("failed runs")
                    .until(() -> Ledger.texts(directory, "continues").size() >= 6
                            && Ledger.texts(directory, "overflows").size() >= 3);
            assertThat(app.pid("Continues")).isEqualTo(continues);
            assertThat(app.pid("Overflows")).isEqualTo(overflows);
            assertThat(app.slot("Continues").get("failed").asLong()).isGreaterThanOrEqualTo(5);
            assertPausesGrow(Ledger.read(directory, "continues"));
            app.awaitOutput("the sea is rough");
            app.awaitOutput("dev.muster.system.apps.Failing.goOn");
            app.awaitOutput("java.lang.StackOverflowError");

            Path mended = Files.createFile(directory.resolve("mended"));
            assertThat(mended).exists();
            assertThat(app.command("restart", Map.of("slot", "Stops")).exitCode())
                    .isZero();
            assertThat(app.slot("Stops").get("state").asString()).isEqualTo("RUNNING");
        }
    }

    private static void assertPausesGrow(List<Entry> runs) {
        long first = runs.get(1).nanos() - runs.get(0).nanos();
        long fifth = runs.get(5).nanos() - runs.get(4).nanos();
        assertThat(first).isGreaterThanOrEqualTo(50_000_000L);
        assertThat(fifth).as("the pause after five failures in a row").isGreaterThan(2 * 50_000_000L);
    }
}
