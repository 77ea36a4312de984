package dev.muster.system.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signals beside those that stop.
@Timeout(120)
class MasterSignalsTest {
    @TempDir
    Path directory;

    @Test
    void theMasterDoesWhatEachSignalMeans() {
        try (RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).start()) {
            app.signal("PWR", app.masterPid());
            app.awaitOutput("status: OK, generation 1, ready");
            app.awaitOutput("Ticker RUNNING, pid " + app.pid("Ticker"));

            app.signal("TTIN", app.masterPid());
            app.awaitOutput("SIGTTIN");
            app.signal("TTOU", app.masterPid());
            app.awaitOutput("SIGTTOU");
            app.signal("WINCH", app.masterPid());
            app.signal("CONT", app.masterPid());
            app.signal("PWR", app.masterPid());
            Patience.await("a second status").until(() -> app.output().split("status: OK", -1).length == 3);
        }
    }

    @Test
    void aChildIgnoresWhatIsMeantForTheMaster() {
        try (RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).start()) {
            long pid = app.pid("Ticker");
            for (String signal : List.of("INT", "HUP", "USR1", "TTIN", "TTOU", "WINCH")) {
                app.signal(signal, pid);
            }
            int before = Ledger.texts(directory, "ticks").size();
            Patience.await("further runs")
                    .until(() -> Ledger.texts(directory, "ticks").size() > before + 4);
            assertThat(app.pid("Ticker")).isEqualTo(pid);
            assertThat(app.deaths()).isEmpty();
        }
    }
}
