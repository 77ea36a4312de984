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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A real application and a store that is away, comes back, comes back empty, or is there and cannot be heard.
@Timeout(180)
class StoreOutageTest {
    private static final int MANY = 2_000;

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

                store.again();

                Patience.await("the task of the process").until(() -> done().contains("from the process"));
                app.awaitOutput("the task broker works again");
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

    /// How a connection dies.
    private enum Death {
        /// Nothing passes any more.
        STALL,
        /// What is asked arrives and is done, and nobody hears of it.
        LOSE_ANSWERS
    }

    static Stream<Arguments> deaths() {
        return Stream.of(Store.Kind.values())
                .flatMap(kind -> Stream.of(Death.values()).map(death -> Arguments.of(kind, death)));
    }

    /// The connections of both workers die in the middle of their work, and nobody is told. PostgreSQL's driver
    /// would wait for a minute.
    @ParameterizedTest
    @MethodSource("deaths")
    void connectionsThatDieWithoutAWordAreReplaced(Store.Kind kind, Death death) throws IOException {
        try (Store store = kind.start(directory);
                Line line = Line.to(store.port());
                RunningApp app = app(store, line.port(), "2")
                        .set("tasks.idleAlarm", "1s")
                        .start();
                TaskQueue queue = store.queue(directory)) {
            String[] messages = new String[MANY];
            Arrays.setAll(messages, i -> "{\"task\":\"note\",\"param\":[\"n" + i + "\"]}");
            List<String> _ = queue.enqueue(messages);
            Patience.await("the beginning").until(() -> done().size() > MANY / 20);
            switch (death) {
                case STALL -> line.stall();
                case LOSE_ANSWERS -> line.loseAnswers();
            }
            int before = done().size();

            Patience.await("all of them")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> queue.counts().done() == MANY);

            assertThat(before).as("done before").isLessThan(MANY);
            assertThat(done()).hasSize(MANY).doesNotHaveDuplicates();
            assertThat(app.deaths()).isEmpty();
        }
    }
}
