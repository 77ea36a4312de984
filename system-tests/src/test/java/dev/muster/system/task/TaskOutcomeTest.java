package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that fail without killing anybody: the worker lives through all of them.
@Timeout(60)
class TaskOutcomeTest {
    @TempDir
    Path directory;

    @Test
    void everyFailureHasItsReasonAndTheWorkerLives() {
        RunningApp app =
                RunningApp.of(Working.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long worker = app.pid("task");
                String later = queue.call("retry", "\"later\",3");
                String never = queue.call("retry", "\"never\",99");
                String overflow = queue.call("overflow", "");
                String wrong = queue.call("note", "");
                String unknown = queue.call("nobody", "");
                List<String> others = queue.enqueue(
                        "this is not JSON",
                        "{\"class\":\"dev.muster.system.apps.Working\",\"method\":\"secret\",\"param\":[]}",
                        "{\"class\":\"com.acme.Nowhere\",\"method\":\"send\",\"param\":[]}",
                        "{\"class\":\"dev.muster.system.apps.Working\",\"method\":\"note\",\"param\":[\"by class\"]}");

                assertReason(queue, never, "RETRIES_SPENT");
                assertReason(queue, overflow, "FAILED");
                assertReason(queue, wrong, "BAD_PARAMETERS");
                assertReason(queue, unknown, "UNKNOWN_TASK");
                assertReason(queue, others.get(0), "MALFORMED");
                assertReason(queue, others.get(1), "NOT_A_TASK");
                assertReason(queue, others.get(2), "UNKNOWN_CLASS");
                queue.awaitEnd(2, 7);

                assertThat(queue.find(later)).as("done at its third start").isEmpty();
                List<String> starts = Ledger.texts(directory, "tasks");
                assertThat(Collections.frequency(starts, "later")).isEqualTo(3);
                assertThat(Collections.frequency(starts, "never")).isEqualTo(3);
                assertThat(starts).contains("by class").doesNotContain("secret");
                assertThat(app.pid("task")).isEqualTo(worker);
                assertThat(app.deaths()).isEmpty();
            }
        }
    }

    private static void assertReason(TaskQueue queue, String id, String reason) {
        assertThat(queue.awaitDead(id).reason()).isEqualTo(reason);
    }
}
