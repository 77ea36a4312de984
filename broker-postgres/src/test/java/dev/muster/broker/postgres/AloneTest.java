package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A task that comes alone is inserted, committed and announced in one round trip, of which any part may fail.
@Timeout(60)
class AloneTest {
    private static final String QUEUE = "alone";

    private TestPostgres database;
    private Connection admin;
    private Broker broker;

    @BeforeEach
    void open() throws SQLException {
        database = TestPostgres.create();
        admin = DriverManager.getConnection(database.url());
        broker = PostgresBroker.open(Databases.url(database, ""), "alone", 1 << 20);
    }

    @AfterEach
    void close() throws SQLException {
        broker.close();
        admin.close();
        database.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    private String enqueue(int number) {
        return broker.enqueue(List.of(NewTask.of(QUEUE, "{\"task\":\"t\",\"param\":[" + number + "]}")))
                .getFirst();
    }

    @Test
    void isKeptOnceWhereTheWordAfterTheCommitCannotBeSaid() throws Exception {
        execute("ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO pg_notify_gone");

        String id = enqueue(1);

        assertThat(broker.counts().get(QUEUE).accepted()).isEqualTo(1);
        assertThat(broker.claim(QUEUE, "w", 10)).extracting(Broker.Claim::id).containsExactly(id);
    }

    @Test
    void isKeptWhereTheTablesHadGone() throws Exception {
        enqueue(1);
        execute("DROP SCHEMA muster CASCADE");

        String id = enqueue(2);

        assertThat(broker.claim(QUEUE, "w", 10)).extracting(Broker.Claim::id).containsExactly(id);
    }

    @Test
    void countsOnceWhatWasThereBefore() {
        NewTask task = new NewTask("same", QUEUE, "{\"task\":\"t\"}", Duration.ZERO, "", 0, "");
        assertThat(broker.enqueue(List.of(task))).containsExactly("same");
        assertThat(broker.enqueue(List.of(task))).containsExactly("same");

        assertThat(broker.counts().get(QUEUE).accepted()).isEqualTo(1);
        assertThat(broker.claim(QUEUE, "w", 10)).hasSize(1);
    }
}
