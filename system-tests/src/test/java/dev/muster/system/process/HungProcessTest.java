package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Hanging;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Runs over their `runTimeout`: an endless loop and a deadlock are killed and leave evidence, a slow run that beats is
/// not.
@Timeout(60)
class HungProcessTest {
    @TempDir
    Path directory;

    @Test
    void aHangEndsInAKillAndADump() throws IOException {
        try (RunningApp app =
                RunningApp.of(Hanging.class, directory).packed(Ledger.class).start()) {
            long slow = app.pid("Slow");

            String loop = assertKilledAtItsDeadline(app, "Looper", "looper");
            String deadlock = assertKilledAtItsDeadline(app, "Deadlocked", "deadlocked");

            assertThat(loop).contains("dev.muster.system.apps.Hanging.spinForEver");
            assertThat(deadlock)
                    .contains("Found one Java-level deadlock")
                    .contains("left-first")
                    .contains("right-first");
            Patience.await("a run of three times its limit")
                    .until(() -> Ledger.texts(directory, "slow").contains("end"));
            assertThat(app.pid("Slow")).isEqualTo(slow);
        }
    }

    /// @return the evidence
    private String assertKilledAtItsDeadline(RunningApp app, String name, String ledger) throws IOException {
        JsonNode death = app.awaitDeath(name);
        assertThat(death.get("reason").asString()).isEqualTo("STUCK");
        assertThat(death.get("kind").asString()).isEqualTo("deadline");
        assertThat(death.get("signal").asInt()).isEqualTo(9);
        app.awaitReplaced(name, death.get("pid").asLong());
        Patience.await("another run of " + name)
                .until(() -> Ledger.texts(directory, ledger).size() >= 2);
        long begin = Ledger.read(directory, ledger).get(0).nanos();
        long next = Ledger.read(directory, ledger).get(1).nanos();
        assertThat((next - begin) / 1_000_000)
                .as("ms from the hung run to the next one")
                .isBetween(500L, 10_000L);
        return Files.readString(Path.of(death.get("dump").asString()));
    }
}
