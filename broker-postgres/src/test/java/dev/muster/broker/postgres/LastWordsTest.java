package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.broker.sql.Session;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.ReclaimReport;
import dev.muster.task.OnCrash;
import dev.muster.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A worker was killed, and the server still works on its last commit.
@Timeout(60)
class LastWordsTest {
    @Test
    void aClaimThatIsCommittedAfterTheDeathOfItsOwnerIsGivenBackToo() throws Exception {
        try (TestPostgres database = TestPostgres.create();
                ExecutorService threads = Executors.newSingleThreadExecutor();
                Broker broker = PostgresBroker.open(Databases.url(database, ""), "test", 1 << 20);
                Connection last =
                        Address.of(Databases.url(database, ""), "last").source().getConnection();
                Session session = new Session(last)) {
            List<String> _ = broker.enqueue(List.of(NewTask.of("q", "{}"), NewTask.of("q", "{}")));
            session.execute("SET search_path TO muster");
            last.setAutoCommit(false);
            PostgresDialect dialect = new PostgresDialect("muster");
            try (ResultSet rows = session.statement(dialect.claim(), "q", Long.MAX_VALUE, 3, 2, "dead", 0L, 100)
                    .executeQuery()) {
                assertThat(rows.next()).isTrue();
            }

            Future<ReclaimReport> reclaim = threads.submit(() -> broker.reclaim(
                    new DeadWorker("dead", "q", Verdict.CRASH, "", List.of(), true, "SIGNAL 9", ""),
                    _ -> new Terms(OnCrash.RETRY, null, Duration.ZERO)));
            await().until(() ->
                    session.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1);
            last.commit();

            assertThat(reclaim.get(20, TimeUnit.SECONDS)).isEqualTo(new ReclaimReport(2, 0));
            assertThat(broker.counts().get("q").ready()).isEqualTo(2);
        }
    }
}
