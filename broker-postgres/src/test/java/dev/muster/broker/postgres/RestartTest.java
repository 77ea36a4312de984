package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.BrokerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that goes away and comes back.
@Timeout(180)
class RestartTest {
    private static final String QUEUE = "restart";

    @TempDir
    static Path directory;

    private static TestServer server;

    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final AtomicBoolean enqueueing = new AtomicBoolean(true);
    private final AtomicBoolean working = new AtomicBoolean(true);

    @BeforeAll
    static void startServer() throws Exception {
        Path rules = directory.resolve("rules");
        Files.writeString(rules, """
            host all guarded 127.0.0.1/32 scram-sha-256
            host all all 127.0.0.1/32 trust
            """);
        server = TestServer.start(directory, Map.of("hba_file", rules.toString()));
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    private static Broker open() {
        return PostgresBroker.open(server.url(), "test", 1 << 20);
    }

    /// Those who enqueue and those who work go on by themselves, each task runs once, and its outcome is not
    /// refused.
    @Test
    void nothingIsLostAndNothingRunsTwice() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool();
                Broker first = open();
                Broker second = open()) {
            List<Future<?>> producers = new ArrayList<>();
            List<Future<?>> workers = new ArrayList<>();
            for (Broker broker : List.of(first, second)) {
                producers.add(threads.submit(() -> enqueue(broker)));
                workers.add(threads.submit(() -> work(broker, "w" + broker.hashCode())));
            }
            for (int round = 0; round < 4; round++) {
                int before = accepted.size();
                await().atMost(Duration.ofSeconds(60)).until(() -> accepted.size() > before + 200);
                if (round % 2 == 0) {
                    server.stop();
                } else {
                    server.crash();
                }
                server.again();
            }
            enqueueing.set(false);
            for (Future<?> producer : producers) {
                producer.get();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                QueueCounts n = first.counts().get(QUEUE);
                return n.done() == n.accepted();
            });
            working.set(false);
            for (Future<?> worker : workers) {
                worker.get();
            }
            assertThat(runs.keySet()).containsAll(accepted);
            assertThat(runs.values()).containsOnly(1);
            assertThat((long) runs.size()).isEqualTo(first.counts().get(QUEUE).accepted());
        }
    }

    private void enqueue(Broker broker) {
        for (int i = 0; enqueueing.get(); i++) {
            try {
                accepted.addAll(broker.enqueue(Collections.nCopies(1 + i % 5, NewTask.of(QUEUE, "{}"))));
            } catch (BrokerException e) {
                // The server was away for longer than that.
            }
        }
    }

    /// As a consumer does: outcomes are held until they are stored.
    private void work(Broker broker, String owner) {
        List<Outcome> outcomes = new ArrayList<>();
        while (working.get()) {
            try {
                if (!outcomes.isEmpty()) {
                    assertThat(broker.settle(outcomes)).isEmpty();
                    outcomes.clear();
                }
                for (Claim claim : broker.claim(QUEUE, owner, 16)) {
                    int _ = runs.merge(claim.id(), 1, Integer::sum);
                    outcomes.add(new Outcome.Done(claim));
                }
            } catch (BrokerException e) {
                // The server was away for longer than that.
            }
        }
    }

    @Test
    void aRestartWhileNothingIsDoneIsNotNoticed() throws Exception {
        try (Broker broker = open()) {
            List<String> ids = broker.enqueue(List.of(NewTask.of("quiet", "{}")));
            server.stop();
            server.again();
            List<Claim> claims = broker.claim("quiet", "w", 1);
            assertThat(claims).extracting(Claim::id).isEqualTo(ids);
            server.crash();
            server.again();
            assertThat(broker.settle(List.of(new Outcome.Done(claims.getFirst()))))
                    .isEmpty();
        }
    }

    @Test
    void aServerThatStaysAwayIsNamed() throws Exception {
        try (Broker broker = open()) {
            server.stop();
            try {
                assertThatThrownBy(() -> broker.enqueue(List.of(NewTask.of("quiet", "{}"))))
                        .isInstanceOf(BrokerException.class)
                        .hasMessageContaining(
                                "cannot enqueue 1 tasks: the PostgreSQL server 127.0.0.1:" + server.port())
                        .hasMessageContaining("cannot be reached")
                        .hasMessageNotContaining("secret");
            } finally {
                server.again();
            }
        }
    }

    @Test
    void aWrongPasswordIsToldAndNotShown() throws Exception {
        String guarded = server.url().replaceFirst("//.*@", "//guarded:%s@");
        try (Connection admin = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres");
                Statement statement = admin.createStatement()) {
            boolean _ = statement.execute("CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'ri/ght'");
        }
        PostgresBroker.open(guarded.formatted("ri%2Fght"), "test", 1 << 20).close();
        assertThatThrownBy(() -> PostgresBroker.open(guarded.formatted("wr%2Fong"), "test", 1 << 20))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("does not let the user guarded in")
                .hasMessageContaining("correct user and password in tasks.postgres.url")
                .hasMessageNotContainingAny("wr/ong", "wr%2Fong");
    }
}
