package dev.muster.system.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.postgres.TestServer;
import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Outlasting;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A store that shows tasks and hands none out.
@Timeout(120)
class StalledWorkerTest {
    private static final String REFUSE = """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER refuse BEFORE UPDATE ON muster.task FOR EACH ROW WHEN (NEW.state = 'RUNNING')
        EXECUTE FUNCTION refuse()\
        """;
    private static final String ALLOW = "DROP TRIGGER refuse ON muster.task";

    @TempDir
    Path directory;

    private static void execute(TestServer server, String sql) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    @Test
    void aWorkerThatTakesNothingConnectsAnewIsReplacedAndThenSaysSo() throws IOException, SQLException {
        try (TestServer server = TestServer.start(directory);
                RunningApp app = RunningApp.of(Outlasting.class, directory)
                        .packed(Ledger.class)
                        .environment("MUSTER_TASKS_POSTGRES_URL", server.url())
                        .set("tasks.broker", "postgres")
                        .set("tasks.workers", "1")
                        .set("tasks.idleAlarm", "500ms")
                        .start();
                TaskQueue queue = TaskQueue.in(
                        directory, directory, "tasks.broker=postgres", "tasks.postgres.url=" + server.url())) {
            String _ = queue.call("note", "\"taken\"");
            queue.awaitEnd(1, 0);
            long first = app.pid("task");
            execute(server, REFUSE);

            String _ = queue.call("note", "\"left\"");

            app.awaitOutput("this worker is idle and should not be: it has taken none of 1 ready tasks");
            app.awaitOutput("is recycled: it has taken none of 1 ready tasks");
            long second = app.awaitReplaced("task", first).get("pid").asLong();
            Patience.await("the word of the other one")
                    .until(() -> app.why("task").contains("it is stalled: it has"));
            assertThat(app.command("health", Map.of()).body())
                    .contains("\"ready\":false")
                    .contains("1 of 1 slots of the role task are in quarantine, or idle although tasks are ready");
            assertThat(app.pid("task")).as("it is replaced once").isEqualTo(second);

            execute(server, ALLOW);

            queue.awaitEnd(2, 0);
            app.awaitOutput("takes tasks again");
            Patience.await("health")
                    .until(() -> app.command("health", Map.of()).body(), body -> body.contains("\"health\":\"OK\""));
        }
    }
}
