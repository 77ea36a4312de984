package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Crashing;
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

/// A process that dies soon after each start: back-off, then quarantine, and a way out of it.
@Timeout(60)
class CrashLoopTest {
    @TempDir
    Path directory;

    @Test
    void itEndsInQuarantineAndComesBackByCommand() throws IOException {
        try (RunningApp app =
                RunningApp.of(Crashing.class, directory).packed(Ledger.class).start()) {
            long neighbour = app.pid("Neighbour");

            app.awaitState("Crasher", "QUARANTINE");

            app.awaitOutput("in quarantine");
            assertThat(app.deaths()).hasSize(5);
            List<Entry> lives = Ledger.read(directory, "crasher");
            assertThat(lives).hasSize(5);
            // The fourth pause is 400 to 800 ms, and the boot of a virtual machine comes on top.
            assertThat(lives.get(4).nanos() - lives.get(3).nanos()).isGreaterThan(400_000_000L);
            assertThat(app.command("ready", Map.of()).exitCode()).isZero();

            Path mended = Files.createFile(directory.resolve("mended"));
            assertThat(mended).exists();
            assertThat(app.command("restart", Map.of("slot", "Crasher")).exitCode())
                    .isZero();
            app.awaitState("Crasher", "RUNNING");
            assertThat(app.deaths()).hasSize(5);
            assertThat(app.pid("Neighbour")).isEqualTo(neighbour);
        }
    }
}
