package dev.muster.system.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.ExitReason;
import dev.muster.observe.Death;
import dev.muster.supervise.StartException;
import dev.muster.system.apps.OneJvm;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Tasks;
import dev.muster.testkit.InlineApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// An application on threads of this JVM.
@Timeout(120)
// An application inline has its JVM to itself, and its threads are counted.
@Isolated
class InlineAppTest {
    @TempDir
    Path directory;

    @BeforeEach
    void begin() {
        OneJvm.EVENTS.clear();
        OneJvm.HANGS.set(false);
        OneJvm.release = new CountDownLatch(1);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        OneJvm.release.countDown();
        Awaitility.await("no thread of ours")
                .atMost(Duration.ofSeconds(20))
                .until(() -> OneJvm.threads().isEmpty());
        try (var files = Files.list(directory.resolve("run"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .isSubsetOf("lock", "config.json", "process-map.json", "dumps");
        }
    }

    private InlineApp app() {
        return InlineApp.of(OneJvm.class, directory).set("tasks.workers", "1");
    }

    private static void await(String event, int times) {
        Awaitility.await(event).atMost(Duration.ofSeconds(30)).until(() -> OneJvm.count(event) >= times);
    }

    @Test
    void runsEverythingAndStopsInOrder() throws Exception {
        try (InlineApp app = app().only().start()) {
            await("tick", 3);
            await("tick 3 of slot " + app.slot("Ticker").slot(), 1);
            Tasks.enqueue("note", "first");
            Tasks.enqueue("again", "twice");
            Tasks.enqueue("nobody");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ended(app.queue("default"), 3));
            QueueCounts counts = app.queue("default");
            assertThat(counts.accepted())
                    .isEqualTo(counts.done() + counts.dead())
                    .isEqualTo(3);
            assertThat(counts.dead()).isEqualTo(1);
            assertThat(OneJvm.count("first")).isEqualTo(1);
            assertThat(OneJvm.count("twice")).isEqualTo(2);
            assertThat(app.stats().inline()).isTrue();
            assertThat(app.slot("Ticker").state()).isEqualTo("RUNNING");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> app.slot("Leaver").state().equals("STOPPED"));
            assertThat(OneJvm.count("leaving")).isEqualTo(1);
            app.stop("Ticker");
            await("ticker told", 1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> app.slot("Ticker").state().equals("STOPPED"));
        }
        assertThat(OneJvm.count("hooked exits REQUESTED")).isEqualTo(1);
        assertThatThrownBy(() -> Tasks.enqueue("note", "too late")).isInstanceOf(IllegalStateException.class);
    }

    private static boolean ended(QueueCounts counts, long tasks) {
        return counts.done() + counts.dead() == tasks && counts.running() == 0;
    }

    @Test
    void aStormOfExceptionsBacksOff() throws Exception {
        try (InlineApp app = app().only().start()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> app.slot("Storm").state().equals("QUARANTINE"));
            assertThat(OneJvm.count("storm")).isBetween(4L, 6L);
            assertThat(app.deaths())
                    .filteredOn(death -> death.name().equals("Storm"))
                    .allSatisfy(death -> assertThat(death.reason()).isEqualTo(ExitReason.ERROR));
            await("tick", (int) OneJvm.count("tick") + 3);
        }
    }

    @Test
    void whatHangsIsShownAndHoldsNobodyElseUp() throws Exception {
        OneJvm.HANGS.set(true);
        try (InlineApp app = app().set("tasks.workers", "2").only().start()) {
            await("hanging", 1);
            Tasks.enqueue("hang", "deaf task");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> stuck(app, "Hanging") && stuck(app, "task#"));
            await("interrupted", 2);
            assertThat(app.queue("default").running())
                    .as("it stays with its thread")
                    .isEqualTo(1);
            Tasks.enqueue("note", "beside it");
            await("beside it", 1);
            await("tick", (int) OneJvm.count("tick") + 3);
            assertThat(OneJvm.count("run of hanging"))
                    .as("nothing else runs in the slot")
                    .isZero();

            OneJvm.release.countDown();
            await("run of hanging", 2);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ended(app.queue("default"), 2));
            assertThat(app.queue("default").done()).isEqualTo(2);
            assertThat(OneJvm.count("deaf task")).isEqualTo(1);
            List<Death> stuck = app.deaths().stream()
                    .filter(death -> death.reason() == ExitReason.STUCK)
                    .toList();
            assertThat(stuck).hasSize(2).allSatisfy(death -> {
                assertThat(death.kind()).isEqualTo("deadline");
                assertThat(Files.readString(Path.of(death.dump()))).contains("OneJvm.deaf");
            });
        }
    }

    private static boolean stuck(InlineApp app, String name) {
        return app.stats().slots().stream()
                .anyMatch(slot -> slot.name().startsWith(name) && slot.state().equals("STUCK"));
    }

    @Test
    void aTaskThatListensToTheInterruptSpendsAnAttempt() throws Exception {
        try (InlineApp app = app().only().start()) {
            Tasks.enqueue("sleep", "sleeper");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> app.queue("default").dead() == 1);
            await("sleeper", 1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> app.slot("task").state().equals("RUNNING"));
            assertThat(app.slot("task").restarts()).isPositive();
        }
    }

    @Test
    void aTaskOverItsSoftLimitIsInterruptedAndAnotherLifeFollows() throws Exception {
        try (InlineApp app = app().set("tasks.concurrency", "2").only().start()) {
            Tasks.enqueue("soft", "slow");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> app.queue("default").dead() == 1);
            Tasks.enqueue("note", "afterwards");
            await("afterwards", 1);
            assertThat(app.deaths())
                    .filteredOn(death -> death.name().equals("task"))
                    .singleElement()
                    .satisfies(death -> assertThat(death.reason()).isEqualTo(ExitReason.RECYCLE));
            assertThat(app.queue("default").running()).isZero();
        }
    }

    @Test
    void anExhaustedMemoryEndsTheLifeAndSpendsACrash() throws Exception {
        try (InlineApp app = app().only().start()) {
            Tasks.enqueue("oom", "hungry");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> app.queue("default").dead() == 1);
            assertThat(OneJvm.count("hungry")).as("the budget of crashes").isEqualTo(3);
            assertThat(app.deaths())
                    .filteredOn(death -> death.name().equals("task"))
                    .hasSize(3)
                    .allSatisfy(death -> assertThat(death.reason()).isEqualTo(ExitReason.OOM));
            Tasks.enqueue("note", "afterwards");
            await("afterwards", 1);
        }
    }

    @Test
    void aThreadThatDoesNotEndIsNamedAndItsTaskIsNotLost() throws Exception {
        InlineApp app =
                app().set("limits.drain", "1s").set("limits.stop", "2s").only().start();
        Tasks.enqueue("hang", "never ends");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> stuck(app, "task"));
        assertThatThrownBy(app::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("task");
        OneJvm.release.countDown();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> OneJvm.threads().isEmpty());
        try (InlineApp next = app().only().start()) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ended(next.queue("default"), 1));
        }
        assertThat(OneJvm.count("never ends")).isEqualTo(1);
    }

    @Test
    void oneAtATimeAndOneAfterTheOther() throws Exception {
        try (InlineApp _ = app().only().start()) {
            InlineApp second = InlineApp.of(OneJvm.class, Files.createDirectory(directory.resolve("other")))
                    .only();
            assertThatThrownBy(second::start).isInstanceOf(StartException.class).hasMessageContaining("one at a time");
            assertThatThrownBy(app().only()::start)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("already running");
            Tasks.enqueue("note", "in the first");
            await("in the first", 1);
        }
        try (InlineApp _ = app().only().start()) {
            Tasks.enqueue("note", "in the second");
            await("in the second", 1);
        }
    }
}
