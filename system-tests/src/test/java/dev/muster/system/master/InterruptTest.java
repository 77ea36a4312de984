package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Deaf;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Somebody who loses patience with a stop that takes its time.
@Timeout(60)
class InterruptTest {
    @TempDir
    Path directory;

    @Test
    void theSecondInterruptEndsTheDrain() {
        try (RunningApp app = start()) {
            app.signal("INT", app.masterPid());
            app.awaitOutput("SIGINT: stopping");
            assertThat(app.alive()).isTrue();

            app.signal("INT", app.masterPid());

            assertThat(app.awaitExit()).isZero();
            assertThat(app.output()).contains("Deaf (pid").contains("signal 9");
        }
    }

    private RunningApp start() {
        // A build in the background of a shell ignores it, and would pass that on.
        RunningApp app = RunningApp.of(Deaf.class, directory)
                .packed(Ledger.class)
                .prefix("env", "--default-signal=INT")
                .start();
        Patience.await("the run").until(() -> Ledger.texts(directory, "deaf").contains("run"));
        return app;
    }
}
