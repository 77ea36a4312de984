package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Coordination;
import dev.muster.task.Coordination.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A file that is to survive a power failure, and what is kept in it for long.
@Timeout(60)
class PowerTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private Broker broker;

    @BeforeEach
    void open() {
        broker = SqliteBroker.open(
                directory.resolve("queue.db"), directory.resolve("native"), Durability.POWER, 1 << 20);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aClaimIsSecuredWhileItIsCurrent() {
        broker.enqueue(List.of(NewTask.of("q", "{}")));
        Claim claim = broker.claim("q", "w", 1).getFirst();
        assertThat(broker.secure(claim)).isTrue();
        assertThat(broker.settle(List.of(new Outcome.Done(claim)))).isEmpty();

        assertThat(broker.secure(claim)).isFalse();
    }

    /// A clock that was fast for a while must not make the tokens fall when it is right again.
    @Test
    void theTokenOfAReleasedLeaseIsRemembered() throws Exception {
        Coordination coordination = broker.coordination();
        assertThat(coordination.lease("reports", "node-1", "", LONG)).isPresent();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("queue.db"));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE lease SET token = token + 3600000"))
                    .isEqualTo(1);
        }
        Lease fast = coordination.lease("reports", "node-1", "", LONG).orElseThrow();
        coordination.release(fast);
        // Whoever takes a lease removes those that ended long ago.
        assertThat(coordination.lease("mails", "node-1", "", LONG)).isPresent();

        Lease next = coordination.lease("reports", "node-2", "", LONG).orElseThrow();

        assertThat(next.token()).isEqualTo(fast.token() + 1);
    }
}
