package dev.muster.system.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Reserved;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Fresh processes take the place of those that have done enough, are old, or have grown.
@Timeout(240)
@Tag("long")
class RecycleTest {
    @TempDir
    Path directory;

    private RunningApp app;

    @BeforeEach
    void make() {
        app = RunningApp.of(Reserved.class, directory).packed(Ledger.class);
    }

    /// The replacements cannot boot at first: until then the present processes work on, and only one slot has one.
    @Test
    void byUnitsOneAtATimeAndTheReplacementFirst() throws IOException {
        app.set("tasks.workers", "2").set("recycle.task.units", "20");
        try (RunningApp _ = app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                List<Long> before = List.of(app.pid("task#1"), app.pid("task#2"));
                Path noBoots = Files.createFile(directory.resolve("hold-boots"));
                int count = 0;
                while (app.slot("task#1").get("done").asInt() < 30
                        || app.slot("task#2").get("done").asInt() < 30) {
                    enqueue(queue, count, 50);
                    count += 50;
                    queue.awaitEnd(count, 0);
                }
                Patience.await("a replacement that boots")
                        .until(() -> !replacements().isEmpty());
                assertThat(replacements()).hasSize(1);
                enqueue(queue, count, 50);
                count += 50;
                queue.awaitEnd(count, 0);
                assertThat(app.deaths()).as("nobody was ended yet").isEmpty();
                assertThat(replacements()).as("one at a time").hasSize(1);

                Files.delete(noBoots);
                app.awaitReplaced("task#1", before.get(0));
                app.awaitReplaced("task#2", before.get(1));
                for (String name : List.of("task#1", "task#2")) {
                    JsonNode death = app.awaitDeath(name);
                    assertThat(death.get("reason").asString()).isEqualTo("RECYCLE");
                    assertThat(death.get("pid").asLong()).isIn(before);
                }
                enqueue(queue, count, 10);
                count += 10;
                queue.awaitEnd(count, 0);
                assertThat(Ledger.texts(directory, "tasks"))
                        .as("each once")
                        .doesNotHaveDuplicates()
                        .hasSize(count);
                app.awaitOutput("is recycled: it has completed ");
            }
        }
    }

    /// A user process, whose runs must not overlap.
    @Test
    void byAgeAndNeverTwoAtOnce() {
        app.set("recycle.user.age", "2s");
        try (RunningApp _ = app) {
            app.start();
            long first = app.pid("Alone");
            JsonNode death = app.awaitDeath("Alone");
            assertThat(death.get("reason").asString()).isEqualTo("RECYCLE");
            assertThat(death.get("pid").asLong()).isEqualTo(first);
            app.awaitReplaced("Alone", first);
            Patience.await("runs of the new process")
                    .until(() -> Ledger.read(directory, "alone").stream()
                                    .filter(entry -> entry.pid() != first)
                                    .count()
                            > 4);
        }
        List<Entry> runs = Ledger.read(directory, "alone").stream()
                .sorted(Comparator.comparingLong(Entry::nanos))
                .toList();
        for (int i = 0; i < runs.size(); i++) {
            assertThat(runs.get(i).text()).as("entry %d", i).startsWith(i % 2 == 0 ? "begin" : "end");
        }
    }

    @Test
    void byMemoryAndNotUnderWhatAFreshProcessNeeds() {
        app.set("tasks.workers", "1").set("recycle.task.memory", "150MiB").set("recycle.user.memory", "1MiB");
        try (RunningApp _ = app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long grown = app.pid("task");
                long alone = app.pid("Alone");
                app.awaitOutput("Alone is not recycled by memory: its limit of 1048576 bytes lies under the ");
                String _ = queue.call("leak", "160");
                queue.awaitEnd(1, 0);
                JsonNode death = app.awaitDeath("task");
                assertThat(death.get("pid").asLong()).isEqualTo(grown);
                assertThat(death.get("reason").asString()).isEqualTo("RECYCLE");
                app.awaitOutput("task is recycled: it uses ");
                app.awaitReplaced("task", grown);
                assertThat(app.pid("Alone")).isEqualTo(alone);
                assertThat(app.why("Alone")).contains("it is not recycled by memory: the limit of 1048576 bytes");
            }
        }
    }

    private List<JsonNode> replacements() {
        return app.ps().stream().filter(row -> !row.get("others").isEmpty()).toList();
    }

    private static void enqueue(TaskQueue queue, int from, int count) {
        List<String> _ = queue.enqueue(IntStream.range(from, from + count)
                .mapToObj(i -> "{\"task\":\"note\",\"param\":[\"t" + i + "\"]}")
                .toArray(String[]::new));
    }
}
