package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Results whose time is over do not fill a database.
@Timeout(60)
public abstract class ResultSweeping {
    private static final int BATCH = 250;

    private Broker broker;
    private Connection connection;

    /// Opens a store that is empty.
    protected abstract Broker open() throws SQLException;

    /// Looks into its database.
    protected abstract Connection connect() throws SQLException;

    /// The table of the results, as this connection calls it.
    protected abstract String table();

    /// Removes the database, when nobody is connected to it any more.
    protected void drop() {}

    @BeforeEach
    void openBoth() throws SQLException {
        broker = open();
        connection = connect();
    }

    @AfterEach
    void closeBoth() throws SQLException {
        connection.close();
        broker.close();
        drop();
    }

    private long rows(String condition) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table() + condition)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private void leave(Duration keep) {
        List<String> _ = broker.enqueue(Collections.nCopies(BATCH, NewTask.of("q", "{}")));
        List<Outcome> outcomes = broker.claim("q", "w", BATCH).stream()
                .<Outcome>map(claim -> new Outcome.Done(claim, "1", keep))
                .toList();
        assertThat(outcomes).hasSize(BATCH);
        assertThat(broker.settle(outcomes)).isEmpty();
    }

    private void leaveForAMoment() {
        leave(Duration.ofMillis(1));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> rows(" WHERE kept_until >= " + System.currentTimeMillis()) == 0);
    }

    @Test
    void whoStoresManyRemovesMore() throws SQLException {
        for (int i = 0; i < 4; i++) {
            leaveForAMoment();
        }
        leave(Duration.ofHours(1));
        assertThat(rows("")).isEqualTo(BATCH);
    }

    @Test
    void aNodeThatSaysThatItIsPresentRemovesThem() throws SQLException {
        leaveForAMoment();
        assertThat(rows("")).isEqualTo(BATCH);
        assertThat(broker.coordination().lease("node/a", "a", "{}", Duration.ofMinutes(1)))
                .isPresent();
        assertThat(rows("")).isZero();
    }
}
