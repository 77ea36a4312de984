package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Wrong values from the file, the environment and the command line.
@Timeout(60)
class ConfigurationErrorTest {
    @TempDir
    Path directory;

    @Test
    void allAreSaidInOneListBeforeAnythingStarts() throws IOException {
        Path _ = Files.writeString(directory.resolve("muster.yml"), """
            tasks:
              wrokers: 2
            limits:
              drain: 90s
              stop: 60s
            """);
        RunningApp app = RunningApp.of(Ticking.class, directory)
                .packed(Ledger.class)
                .set("log.keep", "many")
                .set("processes.Nobody.interval", "1s")
                .environment("MUSTER_TASKS_BROKER", "kafka");
        try (app) {
            assertThat(app.launch().awaitExit()).isEqualTo(78);

            assertThat(app.output())
                    .contains("tasks.wrokers")
                    .contains("tasks.workers")
                    .contains("limits.drain")
                    .contains("log.keep")
                    .contains("many")
                    .contains("kafka")
                    .contains("sqlite")
                    .doesNotContain("\tat ");
            assertThat(app.runDir()).doesNotExist();
            assertThat(app.processes()).isEmpty();
        }
    }

    @Test
    void aValueForAProcessThatIsNotThereIsRefused() {
        RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).set("processes.Tickr.interval", "1s");
        try (app) {
            assertThat(app.launch().awaitExit()).isEqualTo(78);
            assertThat(app.output()).contains("processes.Tickr").contains("Ticker");
        }
    }
}
