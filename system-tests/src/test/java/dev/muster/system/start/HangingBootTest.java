package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.HangingBoot;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Boots that hang or fail in an application that otherwise works. The limit of a boot is long enough for those that do
/// not hang, on a busy machine too.
@Timeout(120)
class HangingBootTest {
    @TempDir
    Path directory;

    @Test
    void aHungBootIsKilledWithEvidenceAndTheApplicationLives() throws IOException {
        RunningApp app =
                RunningApp.of(HangingBoot.class, directory).packed(Ledger.class).set("limits.boot", "12s");
        try (app) {
            app.start();
            var overflow = app.awaitDeath("Overflows");
            assertThat(overflow.get("reason").asString()).isEqualTo("BOOT_FAIL");
            assertThat(overflow.get("code").asInt()).isEqualTo(65);
            assertThat(overflow.get("detail").asString()).contains("StackOverflowError");

            var hang = app.awaitDeath("Hangs");
            assertThat(hang.get("reason").asString()).isEqualTo("BOOT_FAIL");
            assertThat(hang.get("signal").asInt()).isEqualTo(9);
            assertThat(hang.get("uptimeMs").asLong()).isBetween(12_000L, 24_000L);
            assertThat(Files.readString(Path.of(hang.get("dump").asString())))
                    .contains("what   Hangs")
                    .contains("not ready within 12000 ms of its start");

            Path _ = Files.createFile(directory.resolve("mended"));
            assertThat(app.command("restart", Map.of("slot", "Overflows")).exitCode())
                    .isZero();
            app.awaitState("Hangs", "RUNNING");
            Patience.await("runs of all")
                    .until(() -> !Ledger.texts(directory, "hangs").isEmpty()
                            && !Ledger.texts(directory, "overflows").isEmpty());
            assertThat(Ledger.texts(directory, "well")).hasSizeGreaterThan(10);
        }
    }
}
