package dev.muster.system.reload;

import static dev.muster.system.reload.ShopCode.CLOCK;
import static dev.muster.system.reload.ShopCode.HANDS;
import static dev.muster.system.reload.ShopCode.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// New code takes the place of the old, under load.
@Timeout(240)
class ReloadTest {
    private static final List<String> SLOTS = List.of("task#1", "task#2", "Clock", "hands");

    @TempDir
    Path directory;

    @Test
    void allProcessesAreReplacedAndNothingIsLostOrDoneTwice() {
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory).set("tasks.workers", "2");
        ShopCode.version(1).with(TASKS, CLOCK, HANDS).into(app.jar());
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                Map<String, Long> before = SLOTS.stream().collect(Collectors.toMap(slot -> slot, app::pid));
                List<String> texts = enqueue(queue, "before", 60);
                Patience.await("work under way")
                        .until(() -> !Ledger.texts(directory, "tasks").isEmpty()
                                && Ledger.texts(directory, "ticks").size() > 4);

                ShopCode.version(2).with(TASKS, CLOCK, HANDS).into(app.jar());
                CompletableFuture<Message.Reply> reload = CompletableFuture.supplyAsync(() -> app.reload(""));
                texts.addAll(enqueue(queue, "meanwhile", 60));
                Message.Reply reply = reload.join();

                assertThat(reply.exitCode()).as(reply.body()).isZero();
                assertThat(reply.body()).isEqualTo("reloaded: generation 2");
                for (String slot : SLOTS) {
                    JsonNode row = app.slot(slot);
                    assertThat(row.get("generation").asInt()).as(slot).isEqualTo(2);
                    assertThat(row.get("pid").asLong()).as(slot).isNotEqualTo(before.get(slot));
                    assertThat(row.get("others").isEmpty()).as(slot).isTrue();
                    JsonNode death = app.deaths(slot).getFirst();
                    assertThat(death.get("pid").asLong()).isEqualTo(before.get(slot));
                    assertThat(death.get("reason").asString()).isEqualTo("REQUESTED");
                    assertThat(app.deaths(slot))
                            .as("no other death in %s", slot)
                            .hasSize(1);
                }
                texts.addAll(enqueue(queue, "after", 1));
                queue.awaitEnd(texts.size(), 0);
                assertThat(Ledger.texts(directory, "tasks").stream().map(text -> text.substring(2)))
                        .as("each once")
                        .containsExactlyInAnyOrderElementsOf(texts);
                assertThat(Ledger.texts(directory, "tasks"))
                        .contains("2 after-0")
                        .doesNotContain("1 after-0");
                Patience.await("ticks of the new code")
                        .until(() -> Ledger.texts(directory, "ticks").contains("2 end"));
            }
        }
        assertOneAfterTheOther();
    }

    /// A worker is told to finish only when its replacement is ready, and the replacement works at once.
    @Test
    @Tag("long")
    void theReplacementOfAWorkerWorksWhileTheOldOneFinishes() throws IOException {
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory).set("tasks.workers", "1");
        ShopCode.version(1).with(TASKS).into(app.jar());
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long old = app.pid("task");
                String held = queue.call("hold", "\"held\"");
                Patience.await("the task")
                        .until(() -> Ledger.texts(directory, "tasks").contains("1 held"));
                ShopCode.version(2).with(TASKS).into(app.jar());
                CompletableFuture<Message.Reply> reload = CompletableFuture.supplyAsync(() -> app.reload("task"));

                JsonNode row = app.awaitReplaced("task", old);
                assertThat(row.get("generation").asInt()).isEqualTo(2);
                JsonNode leaving = row.get("others").get(0);
                assertThat(leaving.get("pid").asLong()).isEqualTo(old);
                assertThat(leaving.get("part").asString()).isEqualTo("leaving");
                assertThat(leaving.get("state").asString()).isEqualTo("DRAINING");
                assertThat(app.why("task"))
                        .contains("a reload is under way")
                        .contains("pid " + old + ", which had its place, is DRAINING (ordered: RELOAD)");
                String _ = queue.call("note", "\"quick\"");
                Patience.await("work of the new code")
                        .until(() -> Ledger.texts(directory, "tasks").contains("2 quick"));
                assertThat(reload).as("the old one still has its task").isNotDone();
                assertThat(queue.find(held)).isPresent();

                Path _ = Files.createFile(directory.resolve("release"));
                assertThat(reload.join().exitCode()).isZero();
                queue.awaitEnd(2, 0);
                assertThat(Ledger.texts(directory, "tasks")).containsExactly("1 held", "2 quick");
                assertThat(app.deaths("task")).hasSize(1);
            }
        }
    }

    private static List<String> enqueue(TaskQueue queue, String text, int count) {
        List<String> texts = new ArrayList<>();
        String[] messages = IntStream.range(0, count)
                .mapToObj(i -> {
                    texts.add(text + "-" + i);
                    return "{\"task\":\"slow\",\"param\":[\"" + text + "-" + i + "\"]}";
                })
                .toArray(String[]::new);
        List<String> _ = queue.enqueue(messages);
        return texts;
    }

    /// Each run of the user process has ended before the next began, also that of another process; and the old code
    /// never ran again after the new.
    private void assertOneAfterTheOther() {
        List<Entry> ticks = Ledger.read(directory, "ticks").stream()
                .sorted(Comparator.comparingLong(Entry::nanos))
                .toList();
        boolean fresh = false;
        for (int i = 0; i < ticks.size(); i++) {
            String text = ticks.get(i).text();
            assertThat(text).as("entry %d of %s", i, ticks).endsWith(i % 2 == 0 ? "begin" : "end");
            fresh |= text.startsWith("2");
            assertThat(text).as("entry %d", i).startsWith(fresh ? "2" : "1");
        }
        assertThat(fresh).isTrue();
    }
}
