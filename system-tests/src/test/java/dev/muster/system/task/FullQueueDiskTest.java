package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.SmallDisk;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.task.BrokerException;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The disk under the queue gets full: whoever enqueues hears of it, and nothing that was accepted is lost.
@Timeout(90)
class FullQueueDiskTest {
    @TempDir
    Path directory;

    @Test
    void theEnqueuerGetsAnErrorAndTheAcceptedAreDone() {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "3m");
                RunningApp app = RunningApp.of(Working.class, directory)
                        .packed(Ledger.class)
                        .set("tasks.workers", "1")
                        .set("tasks.sqlite.file", file(disk));
                TaskQueue queue = TaskQueue.of(app, "tasks.sqlite.file=" + file(disk))) {
            List<String> accepted = new ArrayList<>();
            String refusal = fill(queue, accepted);
            assertThat(accepted).hasSizeGreaterThan(100).doesNotHaveDuplicates();
            assertThat(refusal).containsIgnoringCase("full");
            assertThat(queue.counts().accepted()).isEqualTo(accepted.size());
            assertThat(accepted).allSatisfy(id -> assertThat(queue.find(id)).isPresent());

            // A worker that cannot write takes nothing, and lives.
            RunningApp _ = app.start();
            app.awaitOutput("cannot take tasks from the queue");
            assertThat(app.deaths()).isEmpty();

            disk.change("size=64m");

            queue.awaitEnd(accepted.size(), 0);
            assertThat(Ledger.texts(directory, "tasks")).hasSize(accepted.size());
        }
    }

    private static String file(SmallDisk disk) {
        return disk.place().resolve("queue.db").toString();
    }

    /// Enqueues until that fails.
    ///
    /// @return what was said then
    private static String fill(TaskQueue queue, List<String> accepted) {
        String text = "x".repeat(8_000);
        while (true) {
            try {
                accepted.add(queue.call("note", "\"" + accepted.size() + " " + text + "\""));
            } catch (BrokerException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }
}
