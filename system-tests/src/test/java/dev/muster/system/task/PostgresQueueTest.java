package dev.muster.system.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.postgres.TestServer;
import dev.muster.config.SettingsLoader;
import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Working;
import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Brokers;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real workers on a real PostgreSQL.
@Timeout(900)
class PostgresQueueTest {
    private static final String SECRET = "secret-of-nobody";

    /// 100 in a campaign by hand.
    private static final int RESTARTS = Integer.getInteger("muster.outage.restarts", 4);

    @TempDir
    Path directory;

    @Test
    void aKilledWorkerGivesItBackAndNobodyShowsThePassword() throws IOException {
        try (TestServer server = TestServer.start(directory);
                RunningApp app = app(server, "2").start();
                TaskQueue queue = TaskQueue.of(app, sets(server))) {
            assertThat(server.url()).contains(SECRET);
            String _ = queue.call("hold", "\"held\"");
            Patience.await("the start of the task").until(() -> starts("held").size() == 1);
            String _ = queue.call("note", "\"other\"");
            Patience.await("the other task").until(() -> starts("other").size() == 1);
            for (String slot : List.of("task#1", "task#2")) {
                assertThat(Files.readString(Path.of("/proc/" + app.pid(slot) + "/cmdline")))
                        .doesNotContain(SECRET);
            }

            long holder = starts("held").getFirst().pid();
            app.signal("KILL", holder);

            Patience.await("the second start").until(() -> starts("held").size() == 2);
            assertThat(starts("held").getLast().pid()).isNotEqualTo(holder);
            Path _ = Files.createFile(directory.resolve("release"));
            Patience.await("the end").until(() -> queue.counts().done() == 2);
            assertThat(queue.counts()).isEqualTo(new QueueCounts(2, 0, 0, 0, 2, 0, 0, 0));
            assertThat(app.output()).doesNotContain(SECRET).doesNotContain("WARNING:");
            assertThat(logs(app)).doesNotContain(SECRET);
        }
    }

    private static String logs(RunningApp app) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(app.logDir())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file, UTF_8));
            }
        }
        return text.toString();
    }

    @Test
    void aServerThatIsRestartedAgainAndAgainLosesNothingAndKillsNobody() throws Exception {
        try (TestServer server = TestServer.start(directory);
                RunningApp app = app(server, "2").start();
                TaskQueue queue = TaskQueue.of(app, sets(server))) {
            long first = app.pid("task#1");
            long second = app.pid("task#2");
            int all = RESTARTS * 50;
            int accepted = 0;
            for (int round = 0; round < RESTARTS; round++) {
                for (int i = 0; i < 50; i++) {
                    String _ = queue.call("note", "\"n" + accepted++ + "\"");
                }
                if (round % 2 == 0) {
                    server.stop();
                } else {
                    server.crash();
                }
                server.again();
            }
            Patience.await("the end")
                    .untilAsserted(
                            () -> assertThat(queue.counts()).isEqualTo(new QueueCounts(all, 0, 0, 0, all, 0, 0, 0)));
            assertThat(Ledger.texts(directory, "tasks"))
                    .as("each ran once")
                    .hasSize(all)
                    .doesNotHaveDuplicates();
            assertThat(app.pid("task#1")).isEqualTo(first);
            assertThat(app.pid("task#2")).isEqualTo(second);
            assertThat(app.deaths()).isEmpty();
        }
    }

    /// A worker of another machine, as this one sees it: an incarnation of another boot that says that it lives.
    @Test
    @Tag("long")
    void whatAWorkerOfAnotherMachineHoldsIsItsOwnUntilItsLeaseRunsOut() throws IOException {
        String stranger = "0badcafe-4711-42-deadbeef";
        try (TestServer server = TestServer.start(directory);
                Broker far = Brokers.open(SettingsLoader.load(
                        "far",
                        null,
                        Map.of(),
                        List.of(
                                "tasks.broker=postgres",
                                "tasks.postgres.url=" + server.url(),
                                "run.dir=" + directory)))) {
            List<String> _ = far.enqueue(List.of(NewTask.of("default", "{\"task\":\"note\",\"param\":[\"far\"]}")));
            far.renew(stranger, Duration.ofMinutes(10));
            assertThat(far.claim("default", stranger, 1)).hasSize(1);
            try (RunningApp app = app(server, "1").start()) {
                List<String> _ =
                        far.enqueue(List.of(NewTask.of("default", "{\"task\":\"note\",\"param\":[\"near\"]}")));
                Patience.await("the task of this machine")
                        .until(() -> starts("near").size() == 1);
                assertThat(far.counts().get("default").running()).isPositive();
                assertThat(starts("far")).isEmpty();

                far.renew(stranger, Duration.ofMillis(1));

                Patience.await("the task of the other machine")
                        .until(() -> starts("far").size() == 1);
                app.awaitOutput("tasks of workers whose node is gone");
                Patience.await("the end")
                        .until(() -> far.counts().get("default").done() == 2);
            }
        }
    }

    private RunningApp app(TestServer server, String workers) {
        return RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .environment("MUSTER_TASKS_POSTGRES_URL", server.url())
                .set("tasks.broker", "postgres")
                .set("tasks.workers", workers);
    }

    private static String[] sets(TestServer server) {
        return new String[] {"tasks.broker=postgres", "tasks.postgres.url=" + server.url()};
    }

    private List<Entry> starts(String text) {
        return Ledger.read(directory, "tasks").stream()
                .filter(entry -> entry.text().equals(text))
                .toList();
    }
}
