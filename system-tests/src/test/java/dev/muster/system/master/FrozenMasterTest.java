package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Reserved;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SIGSTOP of the master, or of everything as when a host sleeps, for longer than the limits: what could not be seen is
/// held against nobody.
@Timeout(240)
@Tag("long")
class FrozenMasterTest {
    private static final long FROZEN = TimeUnit.SECONDS.toNanos(9);

    @TempDir
    Path directory;

    private RunningApp app;

    @BeforeEach
    void make() {
        app = RunningApp.of(Reserved.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "1")
                .set("limits.silence", "4s");
    }

    @Test
    void aMasterThatWasFrozenKillsNobody() {
        try (RunningApp _ = app) {
            app.start();
            freeze(List.of(app.masterPid()));
            assertNobodyDied();
        }
    }

    @Test
    void soDoesOneThatWasFrozenWithItsChildrenInTheMiddleOfATaskWithALimit() {
        try (RunningApp _ = app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String _ = queue.call("lasting", "\"lasting\"");
                Patience.await("the task")
                        .until(() -> Ledger.texts(directory, "tasks").contains("lasting"));
                freeze(app.processes());
                queue.awaitEnd(1, 0);
                assertThat(Ledger.texts(directory, "tasks")).containsExactly("lasting");
                assertNobodyDied();
            }
        }
    }

    private void freeze(List<Long> processes) {
        processes.forEach(pid -> app.signal("STOP", pid));
        long begin = System.nanoTime();
        Patience.await("the time of the freeze").until(() -> System.nanoTime() - begin > FROZEN);
        processes.forEach(pid -> app.signal("CONT", pid));
    }

    /// Also not later, when the lateness is forgotten.
    private void assertNobodyDied() {
        List<Long> before =
                app.ps().stream().map(row -> row.get("pid").asLong()).toList();
        long begin = System.nanoTime();
        Patience.await("the time of the verdicts").until(() -> System.nanoTime() - begin > FROZEN);
        assertThat(app.deaths()).isEmpty();
        assertThat(app.ps()).extracting(row -> row.get("pid").asLong()).isEqualTo(before);
        assertThat(app.ps())
                .allSatisfy(row -> assertThat(row.get("state").asString()).isEqualTo("RUNNING"));
    }
}
