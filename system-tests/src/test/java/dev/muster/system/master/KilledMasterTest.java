package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the master while its workers run tasks, one of them stopped by a signal.
@Timeout(60)
class KilledMasterTest {
    @TempDir
    Path directory;

    @Test
    void nobodyOutlivesItAndTheNextOneSettlesItsTasks() throws IOException {
        RunningApp app =
                RunningApp.of(Working.class, directory).packed(Ledger.class).set("tasks.workers", "3");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String again = queue.call("hold", "\"again\"");
                String once = queue.call("holdOnce", "\"once\"");
                Patience.await("both run")
                        .until(() -> Ledger.texts(directory, "tasks").size() == 2);
                app.signal("STOP", Ledger.read(directory, "tasks").getFirst().pid());

                app.signal("KILL", app.masterPid());

                app.awaitNoProcess(Duration.ofSeconds(10));
                Path _ = Files.createFile(directory.resolve("release"));
                String waiting = queue.call("note", "\"waiting\"");

                app.start();

                queue.awaitEnd(2, 1);
                assertThat(queue.find(again)).as("done").isEmpty();
                assertThat(queue.find(waiting)).as("done").isEmpty();
                assertThat(queue.find(once).orElseThrow().reason()).isEqualTo("CRASHED");
                List<String> starts = Ledger.texts(directory, "tasks");
                assertThat(Collections.frequency(starts, "again")).isEqualTo(2);
                assertThat(Collections.frequency(starts, "once")).isEqualTo(1);
                app.awaitOutput("an earlier master ended without a stop");
            }
        }
    }
}
