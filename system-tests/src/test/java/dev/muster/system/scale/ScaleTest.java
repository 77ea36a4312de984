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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// More processes, fewer, none.
@Timeout(240)
@Tag("long")
class ScaleTest {
    @TempDir
    Path directory;

    @Test
    void taskWorkersComeAndFinishTheirWorkBeforeTheyGo() throws IOException {
        RunningApp app =
                RunningApp.of(Reserved.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long first = app.pid("task");
                Message.Reply up = app.scale("task", 3);
                assertThat(up.exitCode()).as(up.body()).isZero();
                assertThat(up.body()).isEqualTo("task has 3 processes");
                for (int i = 0; i < 3; i++) {
                    String _ = queue.call("hold", "\"h" + i + "\"");
                }
                Patience.await("three at once")
                        .until(() -> Ledger.read(directory, "tasks").stream()
                                        .map(Entry::pid)
                                        .distinct()
                                        .count()
                                == 3);

                CompletableFuture<Message.Reply> down = CompletableFuture.supplyAsync(() -> app.scale("task", 1));
                app.awaitState("task#3", "DRAINING");
                app.awaitState("task#2", "DRAINING");
                assertThat(app.why("task#3")).contains("it was told to finish its work", "(ordered: STOP)");
                assertThat(down).isNotDone();
                Path _ = Files.createFile(directory.resolve("release"));
                assertThat(down.join().body()).isEqualTo("task has 1 processes");
                queue.awaitEnd(3, 0);
                assertThat(Ledger.texts(directory, "tasks")).containsExactlyInAnyOrder("h0", "h1", "h2");
                assertThat(app.pid("task")).isEqualTo(first);
                assertThat(app.slot("task#2").get("state").asString()).isEqualTo("STOPPED");
                assertThat(app.why("task#2")).contains("it was stopped by an order, by scaling");

                assertThat(app.scale("task", 0).exitCode()).isZero();
                String _ = queue.call("note", "\"patient\"");
                Message.Reply again = app.scale("task", 2);
                assertThat(again.exitCode()).as(again.body()).isZero();
                queue.awaitEnd(4, 0);
                app.awaitState("task", "RUNNING");
                app.awaitState("task#2", "RUNNING");
                assertThat(app.deaths())
                        .hasSize(3)
                        .allSatisfy(death ->
                                assertThat(death.get("reason").asString()).isEqualTo("REQUESTED"));
            }
        }
    }

    @Test
    void poolsAndUserProcessesToo() {
        try (RunningApp app =
                RunningApp.of(Reserved.class, directory).packed(Ledger.class).start()) {
            assertThat(app.scale("Alone", 3).exitCode()).isZero();
            assertThat(app.scale("pool", 2).body()).isEqualTo("hands has 2 processes");
            app.awaitState("hands#2", "RUNNING");
            Patience.await("runs of all three").until(() -> {
                List<String> runs = Ledger.texts(directory, "alone");
                return runs.stream().anyMatch(run -> run.endsWith(" Alone"))
                        && runs.stream().anyMatch(run -> run.endsWith(" Alone#2"))
                        && runs.stream().anyMatch(run -> run.endsWith(" Alone#3"));
            });
            assertThat(app.scale("Alone", 0).body()).isEqualTo("Alone has 0 processes");
            assertThat(app.slot("Alone").get("state").asString()).isEqualTo("STOPPED");

            assertThat(app.scale("nobody", 1).body()).contains("there is no role and no declaration 'nobody'");
            Message.Reply many = app.command("scale", Map.of("group", "hands", "instances", "many"));
            assertThat(many.exitCode()).isEqualTo(2);
            assertThat(many.body()).contains("cannot scale hands to 'many': 0 to 1000 are possible");
        }
    }

    @Test
    void signalsMakeOneMoreAndOneLess() {
        RunningApp app =
                RunningApp.of(Reserved.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            long first = app.pid("task");
            app.signal("TTIN", app.masterPid());
            Patience.await("the new slot")
                    .until(() -> app.ps().stream()
                            .anyMatch(row -> row.get("name").asString().equals("task#2")));
            app.awaitState("task#2", "RUNNING");
            app.signal("TTOU", app.masterPid());
            app.awaitState("task#2", "STOPPED");
            app.signal("TTOU", app.masterPid());
            app.signal("TTIN", app.masterPid());
            app.awaitState("task#2", "RUNNING");
            assertThat(app.pid("task")).as("the last one stays").isEqualTo(first);
        }
    }
}
