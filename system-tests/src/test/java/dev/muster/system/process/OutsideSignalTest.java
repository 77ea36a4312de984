package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Signalled;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signals that somebody sends to a child past the master.
@Timeout(60)
class OutsideSignalTest {
    @TempDir
    Path directory;

    @Test
    void termDrainsUsr1IsHarmlessAndAlrmKills() {
        try (RunningApp app =
                RunningApp.of(Signalled.class, directory).packed(Ledger.class).start()) {
            long drains = app.pid("Drains");
            Patience.await("a run")
                    .until(() -> Ledger.texts(directory, "drains").contains("begin"));
            app.signal("HUP", drains);
            Patience.await("HUP").until(() -> Ledger.texts(directory, "drains").contains("HUP"));

            app.signal("TERM", drains);

            app.awaitReplaced("Drains", drains);
            var drained = app.awaitDeath("Drains");
            assertThat(drained.get("reason").asString()).isEqualTo("SIGNAL");
            assertThat(drained.get("signal").asInt()).isEqualTo(15);
            assertThat(Ledger.texts(directory, "drains"))
                    .startsWith("refused", "begin", "HUP", "TERM false", "end false true");

            long plain = app.pid("Plain");
            app.signal("USR1", plain);
            int runs = Ledger.texts(directory, "plain").size();
            Patience.await("runs after USR1")
                    .until(() -> Ledger.texts(directory, "plain").size() >= runs + 5);
            assertThat(app.pid("Plain")).isEqualTo(plain);

            app.signal("ALRM", plain);

            app.awaitReplaced("Plain", plain);
            var killed = app.awaitDeath("Plain");
            assertThat(killed.get("reason").asString()).isEqualTo("SIGNAL");
            assertThat(killed.get("signal").asInt()).isEqualTo(14);
        }
    }
}
