package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.redis.TestServer;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/// Real workers on a real Redis, whose list a producer fills that knows nothing of Muster.
@Timeout(900)
class RedisQueueTest {
    private static final String QUEUE = "async_task_queue";

    /// 100 in a campaign by hand.
    private static final int RESTARTS = Integer.getInteger("muster.outage.restarts", 5);

    @TempDir
    Path directory;

    @Test
    void whatPhpPushesRunsAndAKilledWorkerGivesItBack() throws IOException {
        try (TestServer server = TestServer.start();
                RedisClient php = RedisClient.create(server.url());
                RunningApp app = app(server, "2").start();
                TaskQueue queue = TaskQueue.of(app, "tasks.broker=redis", "tasks.redis.url=" + server.url())) {
            php.lpush(QUEUE, "{\"task\":\"hold\",\"param\":[\"held\"]}");
            Patience.await("the start of the task").until(() -> starts("held").size() == 1);
            php.lpush(
                    QUEUE,
                    "{\"class\":\"" + Working.class.getName().replace(".", "\\\\")
                            + "\",\"method\":\"note\",\"param\":{\"0\":\"php\"},\"retry\":\"3\"}");
            Patience.await("the other task").until(() -> starts("php").size() == 1);

            long holder = starts("held").getFirst().pid();
            app.signal("KILL", holder);

            Patience.await("the second start").until(() -> starts("held").size() == 2);
            assertThat(starts("held").getLast().pid()).isNotEqualTo(holder);
            Path _ = Files.createFile(directory.resolve("release"));
            Patience.await("the end").until(() -> counts(queue).done() == 2);
            assertThat(counts(queue)).isEqualTo(new QueueCounts(2, 0, 0, 0, 2, 0, 0, 0));
        }
    }

    @Test
    void aServerThatIsRestartedAgainAndAgainLosesNothingAndKillsNobody() throws IOException {
        Path data = Files.createDirectory(directory.resolve("redis"));
        try (TestServer server = TestServer.durable(data);
                RunningApp app = app(server, "2").start()) {
            long first = app.pid("task#1");
            long second = app.pid("task#2");
            int all = RESTARTS * 40;
            int accepted = 0;
            for (int round = 0; round < RESTARTS; round++) {
                try (RedisClient php = RedisClient.create(server.url())) {
                    for (int i = 0; i < 40; i++) {
                        php.lpush(QUEUE, "{\"task\":\"note\",\"param\":[\"n" + accepted++ + "\"]}");
                    }
                }
                server.stop();
                server.again();
            }
            try (TaskQueue queue = TaskQueue.of(app, "tasks.broker=redis", "tasks.redis.url=" + server.url())) {
                Patience.await("the end")
                        .untilAsserted(
                                () -> assertThat(counts(queue)).isEqualTo(new QueueCounts(all, 0, 0, 0, all, 0, 0, 0)));
            }
            List<String> texts = Ledger.texts(directory, "tasks");
            assertThat(texts.stream().distinct()).hasSize(all);
            assertThat(app.pid("task#1")).isEqualTo(first);
            assertThat(app.pid("task#2")).isEqualTo(second);
            assertThat(app.deaths()).isEmpty();
        }
    }

    /// A worker of another machine, as this one sees it: an incarnation of another boot that says that it lives.
    @Test
    void whatAWorkerOfAnotherMachineHoldsIsItsOwnUntilItsLeaseRunsOut() throws IOException {
        String stranger = "0badcafe-4711-42-deadbeef";
        try (TestServer server = TestServer.start();
                Broker far = Brokers.open(SettingsLoader.load(
                        "far",
                        null,
                        Map.of(),
                        List.of("tasks.broker=redis", "tasks.redis.url=" + server.url(), "run.dir=" + directory)))) {
            List<String> _ = far.enqueue(List.of(NewTask.of(QUEUE, "{\"task\":\"note\",\"param\":[\"far\"]}")));
            far.renew(stranger, Duration.ofMinutes(10));
            assertThat(far.claim(QUEUE, stranger, 1)).hasSize(1);
            try (RunningApp app = app(server, "1").start()) {
                List<String> _ = far.enqueue(List.of(NewTask.of(QUEUE, "{\"task\":\"note\",\"param\":[\"near\"]}")));
                Patience.await("the task of this machine")
                        .until(() -> starts("near").size() == 1);
                assertThat(far.counts().get(QUEUE).running()).isPositive();
                assertThat(starts("far")).isEmpty();

                far.renew(stranger, Duration.ofMillis(1));

                Patience.await("the task of the other machine")
                        .until(() -> starts("far").size() == 1);
                app.awaitOutput("tasks of workers whose node is gone");
                Patience.await("the end").until(() -> far.counts().get(QUEUE).done() == 2);
            }
        }
    }

    private RunningApp app(TestServer server, String workers) {
        return RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .set("tasks.broker", "redis")
                .set("tasks.redis.url", server.url())
                .set("tasks.queue", QUEUE)
                .set("tasks.workers", workers);
    }

    private List<Entry> starts(String text) {
        return Ledger.read(directory, "tasks").stream()
                .filter(entry -> entry.text().equals(text))
                .toList();
    }

    private static QueueCounts counts(TaskQueue queue) {
        return queue.counts(QUEUE);
    }
}
