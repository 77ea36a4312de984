package dev.muster.system.spare;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A booted process takes over. In each test no other process can boot before the work is done, so that nothing but the
/// spare can have done it.
@Timeout(240)
class SpareTest {
    @TempDir
    Path directory;

    private RunningApp app;
    private Path noBoots;

    @BeforeEach
    void make() {
        noBoots = directory.resolve("hold-boots");
        app = RunningApp.of(Reserved.class, directory).packed(Ledger.class);
    }

    @Test
    void ofAKilledTaskWorker() throws IOException {
        app.set("tasks.workers", "1").set("spares.task", "1");
        try (RunningApp _ = app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long spare = app.pid("task~1");
                assertThat(app.slot("task~1").get("state").asString()).isEqualTo("READY");
                assertThat(app.slot("task~1").get("spare").asBoolean()).isTrue();
                assertThat(app.why("task~1")).contains("it waits to take over a process of task");
                String _ = queue.call("hold", "\"held\"");
                Patience.await("the task").until(() -> starts().contains("held"));
                List<String> _ =
                        queue.enqueue("{\"task\":\"note\",\"param\":[\"a\"]}", "{\"task\":\"note\",\"param\":[\"b\"]}");
                Path _ = Files.createFile(noBoots);

                long killed = app.kill9("task");

                app.await("task", row -> row.get("pid").asLong() == spare);
                // What waited behind it may run first.
                Patience.await("the second start")
                        .until(() -> starts().stream().filter("held"::equals).count() == 2);
                assertThat(Ledger.read(directory, "tasks").getLast().pid()).isEqualTo(spare);
                Path _ = Files.createFile(directory.resolve("release"));
                queue.awaitEnd(3, 0);
                assertThat(starts()).containsExactlyInAnyOrder("held", "held", "a", "b");
                assertThat(title(spare)).isEqualTo("java_task_worker:0");
                String _ = queue.call("say", "\"me\"");
                app.awaitOutput("task[" + spare + "] stdout - here is me");
                assertThat(app.awaitDeath("task").get("pid").asLong()).isEqualTo(killed);

                Files.delete(noBoots);
                assertThat(app.awaitState("task~1", "READY").get("pid").asLong())
                        .isNotIn(spare, killed);
            }
        }
    }

    @Tag("long")
    @Test
    void ofAHungTaskWorker() throws IOException {
        app.set("tasks.workers", "1").set("spares.task", "1");
        try (RunningApp _ = app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long spare = app.pid("task~1");
                long hung = app.pid("task");
                Path _ = Files.createFile(noBoots);
                String id = queue.call("spin", "\"spin\"");
                String _ = queue.call("note", "\"behind\"");

                assertThat(queue.awaitDead(id).reason()).isEqualTo("DEADLINE");
                queue.awaitEnd(1, 1);
                assertThat(Ledger.read(directory, "tasks").getLast().pid()).isEqualTo(spare);
                assertThat(app.pid("task")).isEqualTo(spare);
                var death = app.awaitDeath("task");
                assertThat(death.get("pid").asLong()).isEqualTo(hung);
                assertThat(death.get("kind").asString()).isEqualTo("deadline");
                assertThat(Files.readString(Path.of(death.get("dump").asString())))
                        .contains("dev.muster.system.apps.Reserved.spin");
                Files.delete(noBoots);
            }
        }
    }

    @Tag("long")
    @Test
    void ofAKilledPoolWorker() throws IOException {
        app.set("spares.pool", "1");
        try (RunningApp _ = app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long spare = app.pid("hands~1");
                int slot = app.slot("hands").get("slot").asInt();
                Path _ = Files.createFile(noBoots);
                long _ = app.kill9("hands");
                app.await("hands", row -> row.get("pid").asLong() == spare);
                List<String> _ = queue.enqueueTo("hands", "{\"task\":\"x\"}");
                Patience.await("its work")
                        .until(() -> Ledger.read(directory, "hands").size() == 1);
                Entry worked = Ledger.read(directory, "hands").getFirst();
                assertThat(worked.pid()).isEqualTo(spare);
                assertThat(worked.text()).startsWith(slot + " hands {");
                assertThat(title(spare)).isEqualTo("p_hands:work_p_" + spare);
                Files.delete(noBoots);
                app.awaitState("hands~1", "READY");
            }
        }
    }

    /// It takes up the work only when the other does not run any more.
    @Tag("long")
    @Test
    void ofAKilledUserProcess() throws IOException {
        app.set("spares.user", "1");
        try (RunningApp _ = app) {
            app.start();
            long spare = app.pid("Alone~1");
            int slot = app.slot("Alone").get("slot").asInt();
            Patience.await("runs").until(() -> Ledger.read(directory, "alone").size() > 5);
            Path _ = Files.createFile(noBoots);

            long killed = app.kill9("Alone");

            Patience.await("runs of the spare")
                    .until(() -> Ledger.read(directory, "alone").stream()
                                    .filter(entry -> entry.pid() == spare)
                                    .count()
                            > 5);
            List<Entry> all = Ledger.read(directory, "alone").stream()
                    .sorted(Comparator.comparingLong(Entry::nanos))
                    .toList();
            int last = all.stream().map(Entry::pid).toList().lastIndexOf(killed);
            assertThat(all.subList(0, last + 1)).allMatch(entry -> entry.pid() == killed);
            assertThat(all.subList(last + 1, all.size())).allSatisfy(entry -> {
                assertThat(entry.pid()).isEqualTo(spare);
                assertThat(entry.text()).endsWith(" " + slot + " Alone");
            });
            assertThat(title(spare)).isEqualTo("java_user_proc:Alone");
            Files.delete(noBoots);
            app.awaitState("Alone~1", "READY");
        }
    }

    @Tag("long")
    @Test
    void itIsSupervisedItself() {
        app.set("tasks.workers", "1").set("spares.task", "1").set("limits.silence", "4s");
        try (RunningApp _ = app) {
            app.start();
            long worker = app.pid("task");
            long spare = app.pid("task~1");

            app.signal("STOP", spare);

            var death = app.awaitDeath("task~1");
            assertThat(death.get("pid").asLong()).isEqualTo(spare);
            assertThat(death.get("reason").asString()).isEqualTo("STUCK");
            assertThat(death.get("kind").asString()).isEqualTo("stopped");
            app.await(
                    "task~1",
                    row -> row.get("state").asString().equals("READY")
                            && row.get("pid").asLong() != spare);
            assertThat(app.pid("task")).isEqualTo(worker);
        }
    }

    private List<String> starts() {
        return Ledger.texts(directory, "tasks");
    }

    private static String title(long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                .replace('\0', ' ')
                .strip();
    }
}
