package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.DeadReason;
import dev.muster.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A caller has enqueued a task with an id or a unique key in a transaction, and leaves that open.
@Timeout(60)
class ContestedKeyTest {
    private static final String QUEUE = "q";
    private static final int SAME = 8;
    private static final int OTHERS = 60;

    private TestPostgres database;
    private Broker broker;
    private Connection callers;
    private Connection admin;
    private ExecutorService threads;

    @BeforeEach
    void open() throws SQLException {
        database = TestPostgres.create();
        broker = PostgresBroker.open(Databases.url(database, ""), "test", 1 << 20);
        callers = DriverManager.getConnection(database.url());
        callers.setAutoCommit(false);
        admin = DriverManager.getConnection(database.url());
        threads = Executors.newFixedThreadPool(SAME + OTHERS);
    }

    @AfterEach
    void close() throws SQLException {
        callers.close();
        threads.close();
        broker.close();
        admin.close();
        database.close();
    }

    private static NewTask task(String id, String unique) {
        return new NewTask(id, QUEUE, "{}", Duration.ZERO, "", 0, unique);
    }

    private Callable<String> enqueueing(NewTask task) {
        return () -> broker.enqueue(List.of(task)).getFirst();
    }

    private List<Future<String>> start(int count, NewTask task) {
        List<Future<String>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(threads.submit(enqueueing(task)));
        }
        return started;
    }

    /// Enqueues tasks that have nothing to do with the one of the caller, from many threads.
    private void enqueueOthers(String name) throws Exception {
        List<Callable<String>> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i += 3) {
            others.add(enqueueing(task("", "")));
            others.add(enqueueing(task(name + i, "")));
            others.add(enqueueing(task("", name + i)));
        }
        for (Future<String> other : threads.invokeAll(others, 5, TimeUnit.SECONDS)) {
            assertThat(other.isCancelled()).as("it took longer than 5 s").isFalse();
            assertThat(other.get()).isNotEmpty();
        }
    }

    private boolean somebodyWaits() throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type ="
                        + " 'Lock' AND datname = current_database()")) {
            return row.next() && row.getLong(1) > 0;
        }
    }

    private static void assertAll(List<Future<String>> futures, String id) throws Exception {
        for (Future<String> future : futures) {
            assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo(id);
        }
    }

    @Test
    void nobodyWaitsForItButWhoWantsTheSameKey() throws Exception {
        String first = broker.enqueue(callers, List.of(task("", "contested"))).getFirst();
        List<Future<String>> same = start(SAME, task("", "contested"));
        enqueueOthers("a");
        await().atMost(Duration.ofSeconds(10)).until(this::somebodyWaits);
        enqueueOthers("b");
        assertThat(same).noneMatch(Future::isDone);

        callers.commit();

        assertAll(same, first);
        assertThat(broker.counts().get(QUEUE).accepted()).isEqualTo(1 + 2 * OTHERS);
    }

    @Test
    void nobodyWaitsForItButWhoWantsTheSameIdAndHasItAfterARollback() throws Exception {
        List<String> _ = broker.enqueue(callers, List.of(task("contested", "")));
        List<Future<String>> same = start(SAME, task("contested", ""));
        enqueueOthers("a");
        await().atMost(Duration.ofSeconds(10)).until(this::somebodyWaits);
        enqueueOthers("b");
        assertThat(same).noneMatch(Future::isDone);

        callers.rollback();

        assertAll(same, "contested");
        assertThat(broker.counts().get(QUEUE).ready()).isEqualTo(1 + 2 * OTHERS);
        assertThat(broker.counts().get(QUEUE).accepted()).isEqualTo(1 + 2 * OTHERS);
    }

    @Test
    void aDeadLetterThatIsRetriedMeanwhileComesWithoutTheKey() throws Exception {
        String dead = broker.enqueue(List.of(task("", "contested"))).getFirst();
        List<Outcome> _ = broker.settle(
                List.of(new Outcome.Dead(broker.claim(QUEUE, "w", 1).getFirst(), DeadReason.FAILED, "no")));
        List<String> _ = broker.enqueue(callers, List.of(task("", "contested")));

        Future<Boolean> retried = threads.submit(() -> broker.retry(dead));
        await().atMost(Duration.ofSeconds(10)).until(this::somebodyWaits);
        callers.commit();

        assertThat(retried.get(20, TimeUnit.SECONDS)).isTrue();
        TaskView view = broker.find(dead).orElseThrow();
        assertThat(view.state()).isEqualTo("READY");
        assertThat(view.unique()).isEmpty();
    }
}
