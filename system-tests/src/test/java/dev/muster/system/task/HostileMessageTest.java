package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.TaskView;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;

/// Messages that are too large or nested too deeply, by each way into each store: they end as dead letters with the
/// reason, the worker lives, and nobody writes them into a log.
@Timeout(120)
@Tag("long")
class HostileMessageTest {
    private static final int LIMIT = 64 << 10;
    private static final int HUGE = 100_000_000;

    @TempDir
    Path directory;

    /// Of so many bytes.
    private static String large(int bytes) {
        String frame = "{\"task\":\"note\",\"param\":[\"large\"],\"ballast\":\"%s\"}";
        return frame.formatted("x".repeat(bytes - frame.length() + 2));
    }

    /// Nested so deep.
    private static String deep(int levels) {
        return "{\"task\":\"note\",\"param\":[\"deep\"],\"ballast\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1)
                + "}";
    }

    private RunningApp app(Map<String, String> store) {
        RunningApp app = RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "1")
                .set("tasks.maxSize", "64KiB");
        store.forEach(app::set);
        return app;
    }

    @Test
    void inAFile() throws IOException {
        assertDead(Map.of());
    }

    @Test
    void inPostgres() throws IOException {
        try (var server = dev.muster.broker.postgres.TestServer.start(directory)) {
            assertDead(Map.of("tasks.broker", "postgres", "tasks.postgres.url", server.url()));
        }
    }

    @Test
    void inRedisAlsoWhatSomebodyPushesThere() throws IOException {
        try (var server = dev.muster.broker.redis.TestServer.start();
                RedisClient php = RedisClient.builder()
                        .hostAndPort("127.0.0.1", server.port())
                        .clientConfig(DefaultJedisClientConfig.builder()
                                .socketTimeoutMillis(60_000)
                                .build())
                        .build()) {
            Map<String, String> store = Map.of("tasks.broker", "redis", "tasks.redis.url", server.url());
            assertDead(store);
            Files.delete(directory.resolve("tasks"));
            try (RunningApp app = app(store).start();
                    TaskQueue queue = TaskQueue.of(app, sets(store))) {
                long worker = app.pid("task");
                long before = queue.counts().dead();
                for (String message : List.of(
                        deep(65),
                        deep(100_000),
                        large(LIMIT + 1),
                        "{\"id\":\"huge\",\"param\":[0" + ",0".repeat(HUGE / 2) + "]}")) {
                    long _ = php.lpush("default", message);
                }
                long _ = php.lpush("default", "{\"task\":\"note\",\"param\":[\"after\"]}");
                Patience.await("the task behind them")
                        .until(() -> Ledger.texts(directory, "tasks").contains("after"));
                assertThat(queue.counts().dead() - before).isEqualTo(4);
                assertThat(app.pid("task")).isEqualTo(worker);
                assertNotLogged(app);
            }
        }
    }

    private static String[] sets(Map<String, String> store) {
        return store.entrySet().stream().map(Object::toString).toArray(String[]::new);
    }

    private void assertDead(Map<String, String> store) throws IOException {
        try (RunningApp app = app(store).start();
                TaskQueue queue = TaskQueue.of(app, sets(store))) {
            long worker = app.pid("task");
            List<String> tooLarge = new ArrayList<>();
            List<String> tooDeep = new ArrayList<>();
            // As the command line does it, and as the code of an application does it.
            tooLarge.addAll(queue.enqueue(large(LIMIT + 1)));
            tooLarge.addAll(queue.broker().enqueue(List.of(NewTask.of("default", large(LIMIT + 1)))));
            tooDeep.addAll(queue.enqueue(deep(65), deep(100_000)));
            tooDeep.addAll(queue.broker().enqueue(List.of(NewTask.of("default", deep(65)))));
            List<String> _ = queue.enqueue(large(LIMIT), deep(64));
            List<String> _ = queue.broker().enqueue(List.of(NewTask.of("default", deep(64))));

            queue.awaitEnd(3, 5);

            assertThat(tooLarge)
                    .extracting(id -> queue.find(id).map(TaskView::reason).orElse(""))
                    .containsOnly("TOO_LARGE");
            assertThat(tooDeep)
                    .extracting(id -> queue.find(id).map(TaskView::reason).orElse(""))
                    .containsOnly("MALFORMED");
            assertThat(Ledger.texts(directory, "tasks")).containsExactlyInAnyOrder("large", "deep", "deep");
            assertThat(app.pid("task")).isEqualTo(worker);
            assertNotLogged(app);
        }
    }

    private static void assertNotLogged(RunningApp app) {
        assertThat(app.deaths()).isEmpty();
        assertThat(app.output())
                .doesNotContain("x".repeat(100))
                .doesNotContain("[".repeat(100))
                .doesNotContain(",0".repeat(100));
    }
}
