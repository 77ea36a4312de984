package dev.muster.system.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.redis.TestServer;
import dev.muster.examples.queue.QueueConsumerApp;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Popping;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/// `muster run queue-consumer` on a Redis, and beside it what the seed's own loop does.
@Timeout(120)
@Tag("long")
class QueueConsumerTest {
    private static final String PROCESS = "QueueConsumerProcess";
    private static final String QUEUE = "message_queue";

    @TempDir
    Path directory;

    private Outside outside;

    @BeforeEach
    void place() {
        outside = new Outside(directory.resolve("data/sent"));
    }

    @Test
    void whatAKilledProcessHadTakenIsHandled() throws IOException {
        outside.hold("email-held.json");
        try (TestServer server = TestServer.start();
                RedisClient redis = RedisClient.create(server.url());
                RunningApp app = app(server).start()) {
            push(redis, "email", "first");
            push(redis, "email", "held");
            push(redis, "push", "last");
            Patience.await("the message before the held one").until(() -> outside.has("email-first.json"));
            Patience.await("the held one").until(() -> redis.llen(QUEUE) == 1);

            long killed = app.kill9(PROCESS);

            app.awaitReplaced(PROCESS, killed);
            outside.release("email-held.json");
            Patience.await("the rest").until(() -> outside.names().size() == 3);
            Patience.await("the end").until(() -> handled(redis));
            assertThat(redis.exists(QUEUE + ":failed")).isFalse();
        }
    }

    /// The loop of the seed, in the same place.
    @Test
    void theSeedsLoopLosesIt() throws IOException {
        try (TestServer server = TestServer.start();
                RedisClient redis = RedisClient.create(server.url());
                RunningApp app = RunningApp.of(Popping.class, directory)
                        .packed(Ledger.class)
                        .environment("REDIS_DEFAULT_URL", server.url())
                        .start()) {
            push(redis, "email", "lost");
            Patience.await("the pop")
                    .until(() -> Ledger.texts(directory, "popped").size() == 1);

            long killed = app.kill9("Popping");

            app.awaitReplaced("Popping", killed);
            assertThat(redis.keys("*")).isEmpty();
            assertThat(Ledger.texts(directory, "popped")).hasSize(1);
            // Its wait of 5 s cannot be ended in good order.
            assertThat(app.command("stop", Map.of("now", "true")).exitCode()).isZero();
            assertThat(app.awaitExit()).isZero();
        }
    }

    @Test
    void aServerThatIsGoneIsSaidOnceAndWaitedFor() throws IOException {
        Path data = Files.createDirectory(directory.resolve("redis"));
        try (TestServer server = TestServer.durable(data)) {
            server.stop();
            try (RunningApp app = app(server).start()) {
                long first = app.pid(PROCESS);
                app.awaitOutput("does not answer, trying again");
                server.again();
                push(server, "email", "one");
                Patience.await("the first").until(() -> outside.has("email-one.json"));

                server.stop();
                Patience.await("the second outage").until(() -> times(app, "does not answer") == 2);
                server.again();
                push(server, "sms", "two");
                Patience.await("the second").until(() -> outside.has("sms-two.json"));

                assertThat(times(app, "does not answer")).isEqualTo(2);
                assertThat(times(app, "answers again")).isEqualTo(2);
                assertThat(app.pid(PROCESS)).isEqualTo(first);
                assertThat(app.output()).doesNotContain("ERROR");
            }
        }
    }

    @Test
    void whatCannotBeHandledIsKeptAndAStopEndsTheWait() throws IOException {
        try (TestServer server = TestServer.start();
                RedisClient redis = RedisClient.create(server.url());
                RunningApp app = app(server).start()) {
            List<String> wrong = List.of("{\"type\":\"fax\"}", "no json", "[]");
            wrong.forEach(message -> redis.lpush(QUEUE, message));
            push(redis, "email", "good");
            Patience.await("the good one").until(() -> outside.has("email-good.json"));
            Patience.await("the end").until(() -> handled(redis));
            assertThat(redis.lrange(QUEUE + ":failed", 0, -1)).containsExactlyInAnyOrderElementsOf(wrong);
            app.awaitOutput("unknown type of message");
            app.awaitOutput("Unrecognized token 'no'");
            Patience.await("the next wait, which is for 5 s")
                    .until(() -> redis.info("clients").contains("blocked_clients:1"));

            long start = System.nanoTime();
            assertThat(app.stop()).isZero();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    private RunningApp app(TestServer server) {
        return RunningApp.of(QueueConsumerApp.class, directory)
                .environment("MUSTER_DATA_DIR", directory.resolve("data").toString())
                .environment("REDIS_DEFAULT_URL", server.url())
                .environment("QUEUE_LEASE", "2");
    }

    private static void push(TestServer server, String type, String id) {
        try (RedisClient redis = RedisClient.create(server.url())) {
            push(redis, type, id);
        }
    }

    private static void push(RedisClient redis, String type, String id) {
        long _ = redis.lpush(QUEUE, "{\"type\":\"" + type + "\",\"id\":\"" + id + "\",\"to\":\"ann\"}");
    }

    /// Whether no message waits or is in anybody's hands.
    private static boolean handled(RedisClient redis) {
        Set<String> taken = redis.keys(QUEUE + ":taken:*");
        return redis.llen(QUEUE) == 0 && taken.isEmpty() && !redis.exists(QUEUE + ":deaths");
    }

    private static int times(RunningApp app, String text) {
        return app.output().split(text, -1).length - 1;
    }
}
