package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A task that exhausts the heap each time, while it runs or already while its parameters are bound: it kills three
/// workers and then ends as a dead letter.
@Timeout(60)
class ExhaustedWorkerTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"hoard", "hoardParameter"})
    void thePoisonIsBuriedAfterItsThirdCrash(String task) {
        RunningApp app = RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "1")
                .set("jvm.task", "-Xmx32m");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String poison = queue.call(task, "\"hoard\"");
                String after = queue.call("note", "\"after\"");

                var dead = queue.awaitDead(poison);
                assertThat(dead.reason()).isEqualTo("CRASHED");
                assertThat(dead.detail()).contains("3 times");
                queue.awaitEnd(1, 1);
                assertThat(queue.find(after)).as("done").isEmpty();
                assertThat(Collections.frequency(Ledger.texts(directory, "tasks"), "hoard"))
                        .isEqualTo(3);
                assertThat(app.deaths()).hasSize(3).allSatisfy(death -> {
                    assertThat(death.get("reason").asString()).isEqualTo("OOM");
                    assertThat(death.get("code").asInt()).isEqualTo(3);
                });
            }
        }
    }
}
