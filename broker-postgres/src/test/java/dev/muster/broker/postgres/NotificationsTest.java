package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who waits in one process is woken by what happens in another, long before he looks again by himself after 5 s.
@Timeout(60)
class NotificationsTest {
    private static final String QUEUE = "bell";
    /// Who is not told looks after five seconds.
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final String LONGEST_NAME = "\u00e4".repeat(128);

    private TestPostgres database;
    private Connection admin;
    private Broker waiting;
    private Broker telling;
    private ExecutorService threads;

    @BeforeEach
    void open() throws SQLException {
        database = TestPostgres.create();
        admin = DriverManager.getConnection(database.url());
        waiting = PostgresBroker.open(Databases.url(database, ""), "waiting", 1 << 20);
        telling = PostgresBroker.open(Databases.url(database, ""), "telling", 1 << 20);
        threads = Executors.newSingleThreadExecutor();
    }

    @AfterEach
    void close() throws SQLException {
        threads.shutdownNow();
        waiting.close();
        telling.close();
        admin.close();
        database.close();
    }

    private Future<List<Claim>> waitFor(String... queues) {
        return threads.submit(() -> {
            List<Claim> claims = new ArrayList<>();
            while (claims.isEmpty()) {
                waiting.await(List.of(queues), Duration.ofSeconds(30));
                for (String queue : queues) {
                    claims.addAll(waiting.claim(queue, "w", 1));
                }
            }
            return claims;
        });
    }

    private void awaitListener() {
        await().until(() -> count("application_name = 'waiting' AND query LIKE 'LISTEN%'") == 1);
    }

    private int count(String which) throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND " + which)) {
            assertThat(row.next()).isTrue();
            return row.getInt(1);
        }
    }

    /// Ten times, so that the look after 5 s would take 50 s in all.
    @Test
    void aTaskWakesWhoWaitsForItsQueue() throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            String queue = i % 2 == 0 ? QUEUE : LONGEST_NAME;
            Future<List<Claim>> wait = waitFor(queue);
            awaitListener();
            List<String> ids = telling.enqueue(List.of(NewTask.of(queue, "{}")));
            assertThat(wait.get(20, TimeUnit.SECONDS)).extracting(Claim::id).isEqualTo(ids);
        }
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(8));
    }

    @Test
    void whoWaitsForSeveralQueuesIsWokenByEach() throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            Future<List<Claim>> wait = waitFor("first", QUEUE, "last");
            awaitListener();
            List<String> _ = telling.enqueue(List.of(NewTask.of(i % 2 == 0 ? QUEUE : "last", "{}")));
            assertThat(wait.get(20, TimeUnit.SECONDS)).hasSize(1);
        }
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(8));
    }

    @Test
    void aConnectionThatBrokeIsReplaced() throws Exception {
        Future<List<Claim>> wait = waitFor(QUEUE);
        awaitListener();
        try (Statement statement = admin.createStatement()) {
            boolean _ =
                    statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                            + " 'waiting' AND query LIKE 'LISTEN%'");
        }
        awaitListener();
        long start = System.nanoTime();
        List<String> _ = telling.enqueue(List.of(NewTask.of(QUEUE, "{}")));
        assertThat(wait.get(20, TimeUnit.SECONDS)).hasSize(1);
        assertThat(System.nanoTime() - start).isLessThan(TOLD_NANOS);
    }

    @Test
    void onlyWhoWaitsListensAndNobodyAfterTheEnd() {
        List<String> _ = telling.enqueue(List.of(NewTask.of("other", "{}")));
        Future<List<Claim>> _ = waitFor(QUEUE);
        awaitListener();
        assertThatNobodyElseListens();
        threads.shutdownNow();
        waiting.close();
        await().until(() -> count("application_name = 'waiting'") == 0);
    }

    private void assertThatNobodyElseListens() {
        try {
            assertThat(count("application_name = 'telling' AND query LIKE 'LISTEN%'"))
                    .isZero();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// A process that ends right after it has enqueued has said so.
    @Test
    void whatWasEnqueuedBeforeACloseIsSaid() throws Exception {
        Future<List<Claim>> wait = waitFor(QUEUE);
        awaitListener();
        Broker brief = PostgresBroker.open(Databases.url(database, ""), "brief", 1 << 20);
        long start = System.nanoTime();
        List<String> _ = brief.enqueue(List.of(NewTask.of(QUEUE, "{}")));
        brief.close();
        assertThat(wait.get(20, TimeUnit.SECONDS)).hasSize(1);
        assertThat(System.nanoTime() - start).isLessThan(TOLD_NANOS);
    }
}
