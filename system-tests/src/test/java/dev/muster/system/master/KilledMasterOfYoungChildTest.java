package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Waiting;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the master while a child has not yet tied itself to it: one that goes on sees it and ends itself, one
/// that does not is ended by the next master.
@Timeout(60)
class KilledMasterOfYoungChildTest {
    @TempDir
    Path directory;

    @Test
    @Tag("long")
    void theOrphanEndsItself() throws IOException {
        try (RunningApp app =
                RunningApp.of(Waiting.class, directory).packed(Ledger.class).launch()) {
            long child = orphan(app);

            Path _ = Files.createFile(directory.resolve("go"));

            app.awaitNoProcess(Duration.ofSeconds(10));
            assertThat(Ledger.texts(directory, "runs")).as("pid %d", child).isEmpty();
            app.start();
            assertThat(app.slot("Late").get("state").asString()).isEqualTo("RUNNING");
        }
    }

    @Test
    @Tag("long")
    void theNextMasterEndsTheOrphan() throws IOException {
        try (RunningApp app =
                RunningApp.of(Waiting.class, directory).packed(Ledger.class).launch()) {
            long orphan = orphan(app);
            assertThat(app.processes()).containsExactly(orphan);

            RunningApp _ = app.launch();

            app.awaitOutput("killed process " + orphan + ", left over from an earlier master");
            assertThat(app.processes()).doesNotContain(orphan);
            Path _ = Files.createFile(directory.resolve("go"));
            app.awaitReady();
        }
    }

    /// @return the child of the master that was killed
    private long orphan(RunningApp app) {
        Patience.await("a waiting child")
                .until(() -> Ledger.read(directory, "children").size() == 1);
        app.signal("KILL", app.masterPid());
        int _ = app.awaitExit();
        return Ledger.read(directory, "children").getLast().pid();
    }
}
