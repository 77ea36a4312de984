package dev.muster.system.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Watching;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Events of the application, told in one worker, and those of each worker. The slots are task#1, task#2 and Victim.
@Timeout(240)
@Tag("long")
class ServerEventsTest {
    @TempDir
    Path directory;

    private RunningApp app() {
        return RunningApp.of(Watching.class, directory).packed(Ledger.class).set("tasks.workers", "2");
    }

    private List<String> events() {
        return Ledger.texts(directory, "events");
    }

    /// Both workers work, and one of them, whichever was the first, has heard of the start.
    private RunningApp started(RunningApp app) {
        RunningApp running = app.start();
        app.awaitState("task#1", "RUNNING");
        app.awaitState("task#2", "RUNNING");
        Patience.await("start").until(() -> count("start in") == 1);
        return running;
    }

    private void await(String event) {
        Patience.await(event).until(() -> events().contains(event));
    }

    private long count(String beginning) {
        return events().stream().filter(event -> event.startsWith(beginning)).count();
    }

    @Test
    void areToldInTheOrderOfALifeAndInTheLowestWorker() {
        try (RunningApp app = started(app())) {
            long first = app.pid("task#1");
            app.kill9("Victim");
            await("error of Victim USER SIGNAL -1 9 in 0");
            app.kill9("task#2");
            await("error of task#2 TASK SIGNAL -1 9 in 0");

            assertThat(app.reload("").exitCode()).isZero();
            await("reload in 0");
            Entry reload = Ledger.read(directory, "events").stream()
                    .filter(entry -> entry.text().startsWith("reload"))
                    .findFirst()
                    .orElseThrow();
            assertThat(reload.pid())
                    .as("the new code")
                    .isEqualTo(app.pid("task#1"))
                    .isNotEqualTo(first);
        }
        assertThat(count("start in")).isOne();
        assertThat(count("reload")).isOne();
        assertThat(count("error"))
                .as("what the reload and the stop have ended are no errors")
                .isEqualTo(2);
        assertThat(count("shutdown")).isOne();
        assertThat(count("worker start")).isEqualTo(5);
        assertThat(count("worker stop")).as("all but the killed one").isEqualTo(4);
        List<String> events = events();
        assertThat(events.getFirst()).startsWith("worker start");
        assertThat(events.subList(events.indexOf("shutdown in 0") + 1, events.size()))
                .as("the last ones end after that")
                .containsExactlyInAnyOrder("worker stop in 0", "worker stop in 1");
    }

    @Test
    void whatAWorkerHasNotHeardIsToldToTheNextOne() throws IOException {
        Path _ = Files.createFile(directory.resolve("hang"));
        try (RunningApp app = started(app().set("messages.eventTimeout", "500ms"))) {
            app.kill9("Victim");
            assertThat(app.awaitDeath("task#1").get("kind").asString()).isEqualTo("deadline");
            Patience.await("again in another process")
                    .until(() -> Ledger.read(directory, "events").stream()
                                    .filter(entry -> entry.text().startsWith("error of Victim USER SIGNAL -1 9"))
                                    .map(Entry::pid)
                                    .distinct()
                                    .count()
                            == 2);
            Patience.await("the end of the first").until(() -> count("error of task#1 TASK STUCK") == 1);
        }
    }

    @Test
    void aListenerThatThrowsIsLoggedAndCountedAndHeardOnce() throws IOException {
        Path _ = Files.createFile(directory.resolve("throw"));
        try (RunningApp app = started(app())) {
            app.kill9("Victim");
            app.awaitOutput("the listener is broken");
            app.await("task#1", row -> row.get("failed").asLong() == 1);
            assertThat(app.deaths("task#1")).isEmpty();
            assertThat(count("error")).isOne();
        }
    }

    @Test
    void aWorkerWhoseListenerRefusesDoesNotBoot() throws IOException {
        try (RunningApp app = started(app())) {
            Path refuse = Files.createFile(directory.resolve("refuse"));
            app.kill9("task#2");
            assertThat(app.awaitDeath("task#2", 2).get("reason").asString()).isEqualTo("BOOT_FAIL");
            await("error of task#2 TASK BOOT_FAIL 65 0 in 0");
            assertThat(app.output()).contains("this worker will not work");
            Files.delete(refuse);
            app.awaitState("task#2", "RUNNING");
        }
    }
}
