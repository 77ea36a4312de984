package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.BrokerException;
import dev.muster.task.TaskBatch;
import dev.muster.task.Tasks;
import dev.muster.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Enqueueing in transactions of a caller who keeps his own tables in the same database.
@Timeout(60)
class CallersTransactionTest {
    private TestPostgres database;
    private Tasks tasks;
    private Broker broker;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        database = TestPostgres.create();
        String url = Databases.url(database, "");
        tasks = Tasks.connect(url);
        broker = PostgresBroker.open(url, "test", 1 << 20);
        connection = DriverManager.getConnection(database.url());
        connection.setAutoCommit(false);
        execute("CREATE TABLE task(id integer PRIMARY KEY)");
        connection.commit();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        broker.close();
        tasks.close();
        database.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private List<Claim> claims() {
        return broker.claim("default", "w", 10);
    }

    @Test
    void aTaskIsThereIfAndWhenTheCallerCommits() throws SQLException {
        execute("INSERT INTO task VALUES(1)");
        String id = tasks.submit().in(connection).enqueue("mail.send", 42L);
        assertThat(claims()).as("before the commit").isEmpty();
        connection.commit();
        assertThat(claims()).singleElement().satisfies(claim -> {
            assertThat(claim.id()).isEqualTo(id);
            assertThat(claim.payload()).isEqualTo("{\"task\":\"mail.send\",\"param\":[42]}");
        });

        execute("INSERT INTO task VALUES(2)");
        String _ = tasks.submit().in(connection).enqueue("mail.send", 43L);
        connection.rollback();
        assertThat(claims()).as("after the rollback").isEmpty();
        assertThat(broker.counts().get("default").accepted()).isEqualTo(1);
        assertThat(text("SELECT count(*) FROM task")).isEqualTo("1");
    }

    @Test
    void theCommitWakesWhoWaits() throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            long waited = 0;
            for (int i = 0; i < 10; i++) {
                Future<Long> wait = threads.submit(() -> {
                    while (claims().isEmpty()) {
                        broker.await("default", Duration.ofSeconds(30));
                    }
                    return System.nanoTime();
                });
                String _ = tasks.submit().in(connection).enqueue("t");
                long committed = System.nanoTime();
                connection.commit();
                waited += wait.get(20, TimeUnit.SECONDS) - committed;
            }
            assertThat(waited).as("ns in all").isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    @Test
    void theCallersNamesMeanToHimWhatTheyMeantBefore() throws SQLException {
        execute("SET search_path TO \"$user\", public, other");
        execute("CREATE TEMPORARY TABLE tally(id integer)");
        String _ = tasks.submit().in(connection).enqueue("t");
        assertThat(text("SHOW search_path")).isEqualTo("\"$user\", public, other");
        execute("INSERT INTO task VALUES(3)");
        execute("INSERT INTO tally VALUES(3)");
        execute("SET LOCAL search_path TO public");
        String _ = tasks.submit().in(connection).enqueue("t");
        assertThat(text("SHOW search_path")).isEqualTo("public");
        connection.commit();
        assertThat(text("SHOW search_path")).isEqualTo("\"$user\", public, other");
        assertThat(claims()).hasSize(2);
        connection.commit();
    }

    @Test
    void aBatchIsThereWholly() throws SQLException {
        TaskBatch batch = tasks.newBatch();
        String first = batch.with().priority(-1).enqueue("a");
        String second = batch.with().queue("other").enqueue("b", "text");
        assertThat(batch.enqueue(connection)).containsExactly(first, second);
        assertThat(broker.find(first)).isEmpty();
        connection.commit();
        assertThat(broker.find(first).orElseThrow().priority()).isEqualTo(-1);
        assertThat(broker.find(second).orElseThrow().queue()).isEqualTo("other");
    }

    @Test
    void anotherTransactionOfTheCallerMayFollowOnTheSameConnection() throws SQLException {
        for (int i = 0; i < 8; i++) {
            String _ = tasks.submit().in(connection).unique("one").enqueue("t");
            execute("INSERT INTO task VALUES(" + i + ")");
            connection.commit();
        }
        assertThat(claims()).hasSize(1);
    }

    /// Nobody else may have to wait for a caller who has enqueued and does not commit.
    @Test
    void theQueueGoesOnWhileACallersTransactionIsOpen() throws SQLException {
        List<String> _ = broker.enqueue(List.of(NewTask.of("default", "{}"), NewTask.of("default", "{}")));
        List<Claim> claims = claims();
        String _ = tasks.submit().in(connection).enqueue("t");

        long start = System.nanoTime();
        String _ = tasks.submit().enqueue("t");
        assertThat(broker.settle(List.of(
                        new Outcome.Done(claims.get(0)),
                        new Outcome.Retry(claims.get(1), claims.get(1).payload(), Duration.ZERO, "no"))))
                .isEmpty();
        broker.renew("w", Duration.ofSeconds(60));
        assertThat(claims()).hasSize(2);
        assertThat(broker.counts().get("default")).isEqualTo(new QueueCounts(3, 0, 0, 2, 1, 0, 0, 1));
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));

        connection.commit();
        assertThat(broker.counts().get("default").accepted()).isEqualTo(4);
    }

    @Test
    void aTransactionThatCouldNotEnqueueGoesOn() throws SQLException {
        execute("INSERT INTO task VALUES(1)");
        execute("ALTER TABLE muster.task RENAME TO elsewhere");
        assertThatThrownBy(() -> tasks.submit().in(connection).enqueue("t"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("must be to the database of the tasks");
        execute("ALTER TABLE muster.elsewhere RENAME TO task");
        assertThat(text("SHOW search_path")).isEqualTo("\"$user\", public");
        execute("INSERT INTO task VALUES(2)");
        String id = tasks.submit().in(connection).enqueue("t");
        connection.commit();
        assertThat(claims()).extracting(Claim::id).containsExactly(id);
        assertThat(broker.counts().get("default").accepted()).isEqualTo(1);
        assertThat(text("SELECT count(*) FROM task")).isEqualTo("2");
    }

    @Test
    void aConnectionThatCommitsByItselfOrKnowsNoTasksIsRefused() throws SQLException {
        connection.setAutoCommit(true);
        assertThatThrownBy(() -> tasks.submit().in(connection).enqueue("t"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("setAutoCommit(false)");
        try (TestPostgres empty = TestPostgres.create();
                Connection foreign = DriverManager.getConnection(empty.url())) {
            foreign.setAutoCommit(false);
            assertThatThrownBy(() -> tasks.submit().in(foreign).enqueue("t"))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("database of the tasks");
        }
    }
}
