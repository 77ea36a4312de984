package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.task.Broker.TaskView;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An endless loop in a task of the only worker.
@Timeout(60)
class HungTaskTest {
    @TempDir
    Path directory;

    @Test
    void itIsKilledAtItsDeadlineAndItsFrameIsInTheDump() throws IOException {
        RunningApp app =
                RunningApp.of(Working.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long worker = app.pid("task");

                String hung = queue.call("spin", "\"spin\"");
                String next = queue.call("note", "\"after\"");

                TaskView dead = queue.awaitDead(hung);
                assertThat(dead.reason()).isEqualTo("DEADLINE");
                assertThat(dead.attempts()).isEqualTo(1);
                assertThat(dead.crashes()).isZero();
                queue.awaitEnd(1, 1);
                assertThat(queue.find(next)).as("done").isEmpty();
                var death = app.awaitDeath("task");
                assertThat(death.get("pid").asLong()).isEqualTo(worker);
                assertThat(death.get("reason").asString()).isEqualTo("STUCK");
                assertThat(death.get("kind").asString()).isEqualTo("deadline");
                assertThat(death.get("task").asString()).contains(hung);
                assertThat(Files.readString(Path.of(death.get("dump").asString())))
                        .contains("dev.muster.system.apps.Working.spinForEver");
                app.awaitReplaced("task", worker);
                assertThat(Ledger.texts(directory, "tasks")).containsExactly("spin", "after");
            }
        }
    }
}
