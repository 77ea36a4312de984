package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.BrokerException;
import dev.muster.task.TaskBatch;
import dev.muster.task.Tasks;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Enqueueing through an address, and in transactions of a caller who keeps his own tables in the same file.
@Timeout(30)
class CallersTransactionTest {
    @TempDir
    Path directory;

    private Path file;
    private Tasks tasks;
    private Broker broker;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        file = directory.resolve("queue.db");
        tasks = Tasks.connect("sqlite:" + file);
        broker = SqliteBroker.open(file, directory.resolve("native"), Durability.PROCESS, 1 << 20);
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        connection.setAutoCommit(false);
        execute("CREATE TABLE orders(id INTEGER PRIMARY KEY)");
        connection.commit();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        broker.close();
        tasks.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    private List<Claim> claims() {
        return broker.claim("default", "w", 10);
    }

    @Test
    void aTaskIsThereIfAndWhenTheCallerCommits() throws SQLException {
        execute("INSERT INTO orders VALUES(1)");
        String id = tasks.submit().in(connection).enqueue("mail.send", 42L);
        assertThat(claims()).as("before the commit").isEmpty();
        connection.commit();
        assertThat(claims()).singleElement().satisfies(claim -> {
            assertThat(claim.id()).isEqualTo(id);
            assertThat(claim.payload()).isEqualTo("{\"task\":\"mail.send\",\"param\":[42]}");
        });

        execute("INSERT INTO orders VALUES(2)");
        String _ = tasks.submit().in(connection).enqueue("mail.send", 43L);
        connection.rollback();
        assertThat(claims()).as("after the rollback").isEmpty();
        assertThat(broker.counts().get("default").accepted()).isEqualTo(1);
    }

    @Test
    void aBatchIsThereWholly() throws SQLException {
        TaskBatch batch = tasks.newBatch();
        String first = batch.with().priority(-1).enqueue("a");
        String second = batch.with().queue("other").enqueue("b", "text");
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.enqueue(connection)).containsExactly(first, second);
        assertThat(batch.size()).isZero();
        assertThat(broker.find(first)).isEmpty();
        connection.commit();
        assertThat(broker.find(first).orElseThrow().priority()).isEqualTo(-1);
        assertThat(broker.find(second).orElseThrow().queue()).isEqualTo("other");
    }

    @Test
    void anotherTransactionOfTheCallerMayFollowOnTheSameConnection() throws SQLException {
        for (int i = 0; i < 3; i++) {
            String _ = tasks.submit().in(connection).unique("one").enqueue("t");
            execute("INSERT INTO orders VALUES(" + i + ")");
            connection.commit();
        }
        assertThat(claims()).hasSize(1);
    }

    @Test
    void aConnectionThatCommitsByItselfOrKnowsNoTasksIsRefused() throws SQLException {
        connection.setAutoCommit(true);
        assertThatThrownBy(() -> tasks.submit().in(connection).enqueue("t"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("setAutoCommit(false)");
        try (Connection foreign = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            foreign.setAutoCommit(false);
            assertThatThrownBy(() -> tasks.submit().in(foreign).enqueue("t"))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("database of the tasks");
        }
    }

    @Test
    void whatASubmissionSaysReachesTheStore() {
        String later = tasks.submit().delay(Duration.ofHours(1)).enqueue("t");
        String at = tasks.submit().at(Instant.now().plusSeconds(3600)).enqueue("t");
        String past = tasks.submit().at(Instant.now().minusSeconds(3600)).enqueue("t");
        String fields = tasks.submit()
                .attempts(3)
                .timeout(Duration.ofSeconds(5))
                .priority(9)
                .unique("k")
                .enqueue("t");

        assertThat(broker.find(later).orElseThrow().state()).isEqualTo("SCHEDULED");
        assertThat(broker.find(at).orElseThrow().state()).isEqualTo("SCHEDULED");
        assertThat(tasks.find(past).orElseThrow().state()).isEqualTo("READY");
        assertThat(broker.find(fields).orElseThrow().payload())
                .isEqualTo("{\"task\":\"t\",\"param\":[],\"retry\":3,\"timeout\":5000}");
        assertThat(claims().getFirst().id()).isEqualTo(fields);
        assertThatThrownBy(() -> tasks.submit().priority(10).enqueue("t")).hasMessageContaining("-9 to 9");
        assertThatThrownBy(() -> tasks.submit().expires(Duration.ZERO)).hasMessageContaining("1 ms");
    }

    @Test
    void anAddressThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> Tasks.connect("mysql://me:secret@host/db"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("mysql")
                .hasMessageContaining("sqlite")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Tasks.connect("sqlite:")).hasMessageContaining("names no file");
        assertThatThrownBy(() -> Tasks.connect("sqlite:/x?durability=none")).hasMessageContaining("durability=power");
    }
}
