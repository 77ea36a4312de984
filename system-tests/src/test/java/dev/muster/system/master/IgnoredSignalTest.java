package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A master that was started with signals ignored, as `nohup` and background jobs of shells do it.
@Timeout(60)
class IgnoredSignalTest {
    @TempDir
    Path directory;

    @Test
    void itSaysSoAndStopsByCommand() {
        RunningApp app = RunningApp.of(Ticking.class, directory)
                .packed(Ledger.class)
                .prefix("sh", "-c", "trap '' TERM HUP; exec \"$@\"", "sh");
        try (app) {
            app.start();
            assertThat(app.output())
                    .contains("SIGTERM was ignored when this master was started")
                    .contains("SIGHUP was ignored");

            app.signal("TERM", app.masterPid());
            int ticks = Ledger.texts(directory, "ticks").size();
            Patience.await("more ticks")
                    .until(() -> Ledger.texts(directory, "ticks").size() > ticks + 2);

            // Its children did not inherit it.
            long ticker = app.pid("Ticker");
            app.signal("TERM", ticker);
            app.awaitReplaced("Ticker", ticker);

            assertThat(app.command("stop", Map.of()).exitCode()).isZero();
            assertThat(app.awaitExit()).isZero();
        }
    }

    /// The kernel would collect them, and nobody learn how they ended. The JDK takes that back when it first reads
    /// the environment.
    @Test
    void itNoticesTheEndsOfItsChildrenAlsoWhereTheirSignalWasIgnored() {
        RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).prefix("env", "--ignore-signal=CHLD");
        try (app) {
            app.start();
            long ticker = app.kill9("Ticker");
            app.awaitReplaced("Ticker", ticker);
            assertThat(app.awaitDeath("Ticker").path("signal").asInt()).isEqualTo(9);
            assertThat(app.command("stop", Map.of()).exitCode()).isZero();
            assertThat(app.awaitExit()).isZero();
        }
    }
}
