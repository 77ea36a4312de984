package dev.muster.system.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Reserved;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that live and do nothing. That they do nothing is seen by the clock: between the pause and the resumption
/// a process is killed and replaced, which is long, and what waited meanwhile begins after the order to resume.
@Timeout(240)
@Tag("long")
class PauseTest {
    @TempDir
    Path directory;

    @Test
    void aTaskWorkerFinishesWhatItHasAndTakesNothing() throws IOException {
        RunningApp app =
                RunningApp.of(Reserved.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String held = queue.call("hold", "\"held\"");
                Patience.await("the task")
                        .until(() -> !Ledger.texts(directory, "tasks").isEmpty());
                String _ = queue.call("note", "\"later\"");
                CompletableFuture<Message.Reply> pause = CompletableFuture.supplyAsync(() -> app.pause("task"));
                app.await("task", row -> row.get("paused").asBoolean());
                assertThat(app.slot("task").get("state").asString()).isEqualTo("RUNNING");
                assertThat(app.why("task")).contains("it is paused: it takes up no work until muster resume task");
                Path _ = Files.createFile(directory.resolve("release"));
                Message.Reply paused = pause.join();
                assertThat(paused.exitCode()).isZero();
                assertThat(paused.body()).isEqualTo("task paused");
                assertThat(app.slot("task").get("state").asString()).isEqualTo("READY");
                Patience.await("the end of the held task")
                        .until(() -> queue.find(held).isEmpty());

                long killed = app.kill9("task");
                app.await(
                        "task",
                        row -> row.get("state").asString().equals("READY")
                                && row.get("pid").asLong() != killed);
                assertThat(app.slot("task").get("paused").asBoolean()).isTrue();
                assertThat(queue.counts().ready()).isEqualTo(1);

                long before = System.nanoTime();
                Message.Reply resumed = app.resume("task");
                assertThat(resumed.body()).isEqualTo("task resumed");
                queue.awaitEnd(2, 0);
                List<Entry> tasks = Ledger.read(directory, "tasks");
                assertThat(tasks).extracting(Entry::text).containsExactly("held", "later");
                assertThat(tasks.getLast().nanos()).isGreaterThan(before);
            }
        }
    }

    @Test
    void aPoolWithALoopOfItsOwnSeesNoTasks() throws IOException {
        try (RunningApp app = RunningApp.of(Reserved.class, directory)
                        .packed(Ledger.class)
                        .start();
                TaskQueue queue = TaskQueue.of(app)) {
            long worker = app.pid("hands");
            List<String> _ = queue.enqueueTo("hands", "{\"task\":\"hold\"}");
            Patience.await("the task")
                    .until(() -> !Ledger.texts(directory, "hands").isEmpty());
            CompletableFuture<Message.Reply> pause = CompletableFuture.supplyAsync(() -> app.pause("pool"));
            app.await("hands", row -> row.get("paused").asBoolean());
            Path _ = Files.createFile(directory.resolve("release"));
            assertThat(pause.join().exitCode()).isZero();
            assertThat(app.slot("hands").get("state").asString()).isEqualTo("READY");

            List<String> _ = queue.enqueueTo("hands", "{\"task\":\"later\"}");
            long _ = app.kill9("Alone");
            app.awaitDeath("Alone");
            app.awaitState("Alone", "RUNNING");
            long before = System.nanoTime();
            assertThat(app.resume("hands").exitCode()).isZero();
            Patience.await("the other task")
                    .until(() -> Ledger.texts(directory, "hands").size() == 2);
            Entry later = Ledger.read(directory, "hands").getLast();
            assertThat(later.nanos()).isGreaterThan(before);
            assertThat(later.pid()).as("the same process").isEqualTo(worker);
            assertThat(app.deaths("hands")).isEmpty();
        }
    }

    @Test
    void aUserProcessDoesNotRunNorDoesOneThatIsAddedMeanwhile() {
        try (RunningApp app =
                RunningApp.of(Reserved.class, directory).packed(Ledger.class).start()) {
            Patience.await("runs").until(() -> Ledger.texts(directory, "alone").size() > 4);
            Message.Reply paused = app.pause("Alone");
            assertThat(paused.exitCode()).as(paused.body()).isZero();
            int runs = Ledger.texts(directory, "alone").size();
            assertThat(Ledger.texts(directory, "alone").getLast()).startsWith("end");

            long killed = app.kill9("Alone");
            app.await(
                    "Alone",
                    row -> row.get("state").asString().equals("READY")
                            && row.get("pid").asLong() != killed);
            Message.Reply scaled = app.scale("Alone", 2);
            assertThat(scaled.exitCode()).as(scaled.body()).isZero();
            assertThat(app.slot("Alone#2").get("state").asString()).isEqualTo("READY");
            assertThat(Ledger.texts(directory, "alone")).hasSize(runs);

            assertThat(app.resume("Alone").exitCode()).isZero();
            Patience.await("runs of both").until(() -> {
                List<String> all = Ledger.texts(directory, "alone");
                return all.stream().skip(runs).anyMatch(run -> run.endsWith(" Alone"))
                        && all.stream().skip(runs).anyMatch(run -> run.endsWith(" Alone#2"));
            });
        }
    }
}
