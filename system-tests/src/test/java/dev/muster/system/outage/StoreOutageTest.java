package dev.muster.system.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Outlasting;
import dev.muster.testkit.Line;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A real application and a store that is away, comes back, comes back empty, or is there and cannot be heard.
@Timeout(180)
@Tag("long")
class StoreOutageTest {
    private static final int MANY = 4_000;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private RunningApp app(Store store, int port, String workers) {
        return store.tell(RunningApp.of(Outlasting.class, directory).packed(Ledger.class), port)
                .set("tasks.workers", workers);
    }

    private List<String> done() {
        return Ledger.texts(directory, "tasks");
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatIsNotThereYetHoldsUpTasksAndNothingElse(Store.Kind kind) throws IOException {
        try (Store store = kind.start(directory)) {
            store.stop();
            try (RunningApp app = app(store, store.port(), "1").start()) {
                app.awaitOutput("cannot open the task broker; this worker stays idle");
                Path _ = Files.createFile(directory.resolve("enqueue"));
                Patience.await("the refusal")
                        .until(() -> Ledger.texts(directory, "enqueued").stream()
                                .anyMatch(line -> line.startsWith("refused")));
                int ticks = Ledger.texts(directory, "ticks").size();
                Patience.await("further runs")
                        .until(() -> Ledger.texts(directory, "ticks").size() > ticks + 2);
                assertThat(app.slot("task").get("state").asString()).isEqualTo("RUNNING");
                assertThat(app.why("task")).contains("it takes no tasks because of their store: ");

                store.again();

                Patience.await("the task of the process").until(() -> done().contains("from the process"));
                app.awaitOutput("the task broker works again");
                assertThat(app.why("task")).doesNotContain("because of their store");
                assertThat(app.deaths()).isEmpty();
            }
        }
    }

    /// A store that has forgotten everything: what was accepted is gone with it, what comes now is not.
    @ParameterizedTest
    @EnumSource
    void aStoreThatComesBackEmptyIsUsedAsItIs(Store.Kind kind) throws IOException {
        try (Store store = kind.start(directory);
                RunningApp app = app(store, store.port(), "2").start()) {
            try (TaskQueue queue = store.queue(directory)) {
                String _ = queue.call("hold", "\"held\"");
                Patience.await("the start").until(() -> done().contains("held"));
            }

            store.replace();

            try (TaskQueue queue = store.queue(directory)) {
                String _ = queue.call("note", "\"new\"");
                Patience.await("a task of the new store").until(() -> done().contains("new"));
                Path _ = Files.createFile(directory.resolve("release"));
                app.awaitOutput("came too late: another worker has the task by now, or it is finished");
                Path _ = Files.createFile(directory.resolve("enqueue"));
                Patience.await("the task of the process").until(() -> done().contains("from the process"));
                queue.awaitEnd(2, 0);
            }
            assertThat(app.deaths()).isEmpty();
        }
    }

    private static String[] notes(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"task\":\"note\",\"param\":[\"n" + i + "\"]}")
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource
    void connectionsThatDieAreReplacedInEachWorker(Store.Kind kind) throws IOException {
        try (Store store = kind.start(directory);
                Line line = Line.to(store.port());
                RunningApp app = app(store, line.port(), "2")
                        .set("tasks.idleAlarm", "1s")
                        .start();
                TaskQueue queue = store.queue(directory)) {
            List<String> _ = queue.enqueue(notes(0, 50));
            queue.awaitEnd(50, 0);

            line.stall();

            AtomicInteger enqueued = new AtomicInteger(50);
            Patience.await("work of both").atMost(LIMIT).until(() -> {
                int next = enqueued.getAndIncrement();
                List<String> _ = queue.enqueue(notes(next, next + 1));
                return Ledger.read(directory, "tasks").stream()
                                .skip(50)
                                .map(Ledger.Entry::pid)
                                .distinct()
                                .count()
                        == 2;
            });
            queue.awaitEnd(enqueued.get(), 0);
            assertThat(done()).hasSize(enqueued.get()).doesNotHaveDuplicates();
            assertThat(app.deaths()).isEmpty();
        }
    }

    /// What is asked still arrives and is done, and nobody hears of it. The driver of PostgreSQL would wait for a
    /// minute.
    @ParameterizedTest
    @EnumSource
    void connectionsThatLoseTheAnswersInTheMiddleOfTheWorkAreReplaced(Store.Kind kind) throws IOException {
        try (Store store = kind.start(directory);
                Line line = Line.to(store.port());
                RunningApp app = app(store, line.port(), "2")
                        .set("tasks.idleAlarm", "3s")
                        .start();
                TaskQueue queue = store.queue(directory)) {
            List<String> _ = queue.enqueue(notes(0, MANY));
            Patience.await("the beginning").until(() -> done().size() > MANY / 20);

            line.loseAnswers();
            assertThat(done()).as("done before").hasSizeLessThan(MANY);

            Patience.await("all of them")
                    .atMost(LIMIT)
                    .until(() -> queue.counts().done() == MANY);
            assertThat(done()).hasSize(MANY).doesNotHaveDuplicates();
            assertThat(app.deaths()).isEmpty();
        }
    }
}
