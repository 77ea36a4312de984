package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Leaking;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the master: its children die with it, and what they have left running dies at the next start.
@Timeout(120)
class LeftBehindByMasterTest {
    @TempDir
    Path directory;

    @Test
    @Tag("long")
    void theNextStartEndsIt() {
        // A worker, so that somebody gives back what the dead have left in the queue.
        RunningApp app =
                RunningApp.of(Leaking.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            List<Long> pids = List.of(app.pid("Session"), app.pid("Daemon"), app.pid("Cleared"));
            Patience.await("all have started theirs")
                    .until(() -> pids.stream().allMatch(pid -> Leaking.sleeping(pid) == 2));

            app.signal("KILL", app.masterPid());
            Patience.await("the children are gone")
                    .until(() -> pids.stream()
                            .noneMatch(pid -> ProcessHandle.of(pid)
                                    .filter(ProcessHandle::isAlive)
                                    .isPresent()));
            assertThat(Leaking.sleeping(pids.getFirst()))
                    .as("nobody is there to end them")
                    .isEqualTo(2);

            app.start();

            assertThat(pids).allSatisfy(pid -> assertThat(Leaking.sleeping(pid)).isZero());
            assertThat(app.output()).contains(", left over from an earlier master");
        }
    }
}
