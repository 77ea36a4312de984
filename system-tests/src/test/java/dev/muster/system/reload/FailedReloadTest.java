package dev.muster.system.reload;

import static dev.muster.system.reload.ShopCode.CLOCK;
import static dev.muster.system.reload.ShopCode.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Code, or a configuration, that cannot take the place of the present one.
@Timeout(240)
@Tag("long")
class FailedReloadTest {
    @TempDir
    Path directory;

    private RunningApp app;

    @BeforeEach
    void make() {
        app = RunningApp.ofJar(ShopCode.MAIN, directory);
        ShopCode.version(1).with(TASKS, CLOCK).into(app.jar());
    }

    @Test
    void whatCannotBootIsUndoneAndSaysWhy() {
        app.set("tasks.workers", "2");
        try (RunningApp _ = app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long clock = app.pid("Clock");
                List<String> texts =
                        IntStream.range(0, 80).mapToObj(i -> "t" + i).toList();
                List<String> _ = queue.enqueue(texts.stream()
                        .map(text -> "{\"task\":\"slow\",\"param\":[\"" + text + "\"]}")
                        .toArray(String[]::new));
                ShopCode.version(2)
                        .with(TASKS, CLOCK)
                        .constructed("if (true) { throw new IllegalStateException(\"no table \" + 2); }")
                        .into(app.jar());

                Message.Reply reply = app.reload("");

                assertThat(reply.exitCode()).isEqualTo(1);
                assertThat(reply.body())
                        .contains("the reload failed, the code before goes on: Clock did not become ready")
                        .contains("IllegalStateException: no table 2");
                assertThat(app.pid("Clock")).isEqualTo(clock);
                assertThat(app.ps()).allSatisfy(row -> {
                    assertThat(row.get("generation").asInt()).isEqualTo(1);
                    assertThat(row.get("state").asString()).isEqualTo("RUNNING");
                    assertThat(row.get("others").isEmpty()).isTrue();
                });
                assertThat(app.deaths("Clock")).hasSize(1).allSatisfy(death -> {
                    assertThat(death.get("reason").asString()).isEqualTo("BOOT_FAIL");
                });
                queue.awaitEnd(80, 0);
                assertThat(Ledger.texts(directory, "tasks").stream().map(text -> text.substring(2)))
                        .containsExactlyInAnyOrderElementsOf(texts);
                String _ = queue.call("note", "\"old\"");
                Patience.await("the old code")
                        .until(() -> Ledger.texts(directory, "tasks").contains("1 old"));

                ShopCode.version(3).with(TASKS, CLOCK).into(app.jar());
                assertThat(app.reload("").body()).isEqualTo("reloaded: generation 3");
                Patience.await("the mended code")
                        .until(() -> Ledger.texts(directory, "ticks").contains("3 end"));
            }
        }
    }

    @Test
    void aWrongConfigurationChangesNothingAndARightOneCounts() throws IOException {
        Path configuration = Files.writeString(directory.resolve("own.yml"), "tasks:\n  workers: 1\n");
        try (RunningApp _ = app) {
            app.option("-Dmuster.config=" + configuration).start();
            long worker = app.pid("task");
            Path _ = Files.writeString(configuration, "tasks:\n  workers: many\n");

            Message.Reply reply = app.reload("");

            assertThat(reply.exitCode()).isEqualTo(78);
            assertThat(reply.body()).startsWith("nothing was changed: ").contains("tasks.workers", "many");
            assertThat(app.pid("task")).isEqualTo(worker);
            assertThat(app.slot("task").get("generation").asInt()).isOne();

            Path _ = Files.writeString(configuration, "tasks:\n  workers: 1\napp:\n  name: another\n");
            Message.Reply renamed = app.reload("");
            assertThat(renamed.exitCode()).isEqualTo(78);
            assertThat(renamed.body()).contains("app.name cannot change from Shop to another by a reload");

            Path _ = Files.writeString(configuration, "tasks:\n  workers: 2\nlimits:\n  drain: 20s\n");
            Message.Reply right = app.reload("");
            assertThat(right.exitCode()).as(right.body()).isZero();
            assertThat(right.body())
                    .isEqualTo("reloaded: generation 2\nnot before the next start of the application: limits.drain");
            app.awaitState("task#2", "RUNNING");
        }
    }

    @Test
    void codeThatIsNoneChangesNothing() throws IOException {
        try (RunningApp _ = app) {
            app.start();
            long clock = app.pid("Clock");

            Path _ = Files.writeString(app.jar(), "this is no jar");
            Message.Reply garbage = app.reload("");
            assertThat(garbage.exitCode()).as(garbage.body()).isEqualTo(78);
            assertThat(garbage.body())
                    .startsWith("nothing was changed: ")
                    .contains("Could not find or load main class shop.Shop");

            ShopCode.version(2).into(app.jar());
            Message.Reply empty = app.reload("");
            assertThat(empty.exitCode()).as(empty.body()).isEqualTo(78);
            assertThat(empty.body()).contains("nothing to run");

            ShopCode.version(3).with(CLOCK, CLOCK.replace("tick(", "tock(")).into(app.jar());
            Message.Reply twice = app.reload("");
            assertThat(twice.exitCode()).as(twice.body()).isEqualTo(78);
            assertThat(twice.body()).contains("Clock");

            Message.Reply nobody = app.reload("nobody");
            assertThat(nobody.exitCode()).isEqualTo(1);
            assertThat(nobody.body()).contains("there is no role and no declaration 'nobody'");

            assertThat(app.pid("Clock")).isEqualTo(clock);
            assertThat(app.deaths()).isEmpty();
        }
    }
}
