package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SIGSTOP: a process that cannot even be asked for a dump.
@Timeout(60)
class HaltedProcessTest {
    @TempDir
    Path directory;

    @Test
    void itIsKilledAfterItsSilenceWhileOthersGoOn() {
        try (RunningApp app = RunningApp.of(Ticking.class, directory)
                .packed(Ledger.class)
                .set("limits.silence", "2s")
                .start()) {
            long neighbour = app.pid("Neighbour");
            long halted = app.pid("Ticker");

            app.signal("STOP", halted);
            int before = Ledger.texts(directory, "neighbour").size();

            var death = app.awaitDeath("Ticker");
            assertThat(death.get("reason").asString()).isEqualTo("STUCK");
            assertThat(death.get("kind").asString()).isEqualTo("stopped");
            assertThat(death.get("signal").asInt()).isEqualTo(9);
            app.awaitReplaced("Ticker", halted);
            assertThat(app.pid("Neighbour")).isEqualTo(neighbour);
            assertThat(Ledger.texts(directory, "neighbour").size() - before).isGreaterThan(10);
        }
    }
}
