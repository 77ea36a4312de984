package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Working;
import dev.muster.task.Broker.TaskView;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of a worker that runs a task and has claimed others.
@Timeout(60)
class KilledWorkerTest {
    private static final int MANY = 1_000;

    @TempDir
    Path directory;

    @Test
    void itsTaskRunsAgainAtOnceAndTheOthersSpendNothing() throws IOException {
        RunningApp app =
                RunningApp.of(Working.class, directory).packed(Ledger.class).set("tasks.workers", "2");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String id = queue.call("hold", "\"held\"");
                Patience.await("the start of the task")
                        .until(() -> starts("held").size() == 1);
                long holder = starts("held").getFirst().pid();
                String name = app.pid("task#1") == holder ? "task#1" : "task#2";
                long other = app.pid(name.equals("task#1") ? "task#2" : "task#1");

                Path noReplacement = Files.createFile(directory.resolve("hold-boots"));
                app.signal("KILL", holder);

                Patience.await("the second start").until(() -> starts("held").size() == 2);
                Entry second = starts("held").getLast();
                assertThat(second.pid())
                        .as("given back by the living worker, and started by it")
                        .isEqualTo(other);
                TaskView view = queue.find(id).orElseThrow();
                assertThat(view.crashes()).isEqualTo(1);
                assertThat(view.attempts()).isZero();
                assertThat(view.history()).anyMatch(line -> line.contains("SIGNAL"));
                assertThat(app.awaitDeath(name).get("task").asString()).contains(id);
                Files.delete(noReplacement);
                app.awaitReplaced(name, holder);

                Path _ = Files.createFile(directory.resolve("release"));
                queue.awaitEnd(1, 0);
                assertClaimedOnesSpendNothing(app, queue);
            }
        }
    }

    /// Workers that have learnt that tasks are short claim many at once. These fail, so that each can be looked at
    /// afterwards.
    private void assertClaimedOnesSpendNothing(RunningApp app, TaskQueue queue) {
        String[] messages = new String[MANY];
        for (int i = 0; i < MANY; i++) {
            messages[i] = "{\"task\":\"fail\",\"param\":[\"n" + i + "\"]}";
        }
        List<String> ids = queue.enqueue(messages);
        Patience.await("the middle").until(() -> queue.counts().dead() > 20);
        long killed = app.kill9("task#1");
        queue.awaitEnd(1, MANY);
        assertThat(app.awaitReplaced("task#1", killed).get("restarts").asInt()).isPositive();
        List<TaskView> views =
                ids.stream().map(id -> queue.find(id).orElseThrow()).toList();
        assertThat(views).allMatch(view -> view.reason().equals("FAILED"));
        assertThat(views.stream().filter(view -> view.crashes() > 0))
                .as("only the one that ran")
                .hasSizeLessThanOrEqualTo(1);
        List<String> texts = Ledger.texts(directory, "tasks");
        for (int i = 0; i < MANY; i++) {
            assertThat(texts).contains("n" + i);
        }
        // The one that ran, and those that were finished but whose outcome was not stored yet.
        assertThat(texts.size() - 2 - MANY).as("extra starts").isBetween(0, 256);
    }

    private List<Entry> starts(String text) {
        return Ledger.read(directory, "tasks").stream()
                .filter(entry -> entry.text().equals(text))
                .toList();
    }
}
