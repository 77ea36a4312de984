package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Leaving;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Processes that end themselves: the true exit code, a reason that user code cannot forge, and the restart policy.
@Timeout(60)
class LeavingProcessTest {
    @TempDir
    Path directory;

    @Test
    void everyWayOutIsToldApart() {
        try (RunningApp app =
                RunningApp.of(Leaving.class, directory).packed(Ledger.class).start()) {
            assertEnded(app, "Exit300", "ERROR", 44);
            assertEnded(app, "ExitMinus1", "ERROR", 255);
            assertEnded(app, "Halt9", "ERROR", 9);
            assertEnded(app, "Exit70", "ERROR", 70);
            assertEnded(app, "Context7", "ERROR", 7);
            assertEnded(app, "CleanOnFailure", "CLEAN", 0);

            assertRestarted(app, "BadOnFailure", "ERROR", 3);
            assertRestarted(app, "Exit0", "CLEAN", 0);
            app.awaitOutput("user code called System.exit");
            app.awaitOutput("dev.muster.system.apps.Leaving.exit0");
        }
    }

    private static void assertEnded(RunningApp app, String name, String reason, int code) {
        assertDeath(app, name, reason, code);
        assertThat(app.awaitState(name, "STOPPED").get("restarts").asInt())
                .as(name)
                .isZero();
    }

    private static void assertRestarted(RunningApp app, String name, String reason, int code) {
        JsonNode death = assertDeath(app, name, reason, code);
        app.awaitReplaced(name, death.get("pid").asLong());
    }

    private static JsonNode assertDeath(RunningApp app, String name, String reason, int code) {
        JsonNode death = app.awaitDeath(name);
        assertThat(death.get("reason").asString()).as(name).isEqualTo(reason);
        assertThat(death.get("code").asInt()).as(name).isEqualTo(code);
        assertThat(death.get("signal").isNull()).as(name).isTrue();
        return death;
    }
}
