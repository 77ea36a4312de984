package dev.muster.system.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.examples.users.UserSyncApp;
import dev.muster.system.Patience;
import dev.muster.testkit.RunningApp;
import dev.muster.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `muster run user-sync` on SQLite and on PostgreSQL.
@Timeout(120)
@Tag("long")
class UserSyncTest {
    private static final String PROCESS = "UserSyncProcess";

    @TempDir
    Path directory;

    private Outside outside;

    @BeforeEach
    void place() {
        outside = new Outside(directory.resolve("data/other-system"));
    }

    @Test
    void onSqliteEveryUserArrivesThoughItIsKilledInTheMiddle() {
        everyUserArrivesThoughItIsKilledInTheMiddle(sqlite());
    }

    @Test
    void onPostgresEveryUserArrivesThoughItIsKilledInTheMiddle() {
        try (TestPostgres database = TestPostgres.create()) {
            everyUserArrivesThoughItIsKilledInTheMiddle(database.url());
        }
    }

    private void everyUserArrivesThoughItIsKilledInTheMiddle(String url) {
        outside.hold("user-142.json");
        try (RunningApp app = app(url, 150).start()) {
            Patience.await("the user before the held one").until(() -> synced(url) == 141);

            long killed = app.kill9(PROCESS);

            outside.release("user-142.json");
            app.awaitReplaced(PROCESS, killed);
            Patience.await("all users").until(() -> synced(url) == 150);
            assertThat(outside.names()).hasSize(150);

            change(
                    url,
                    "UPDATE users SET email = 'new@example.com', version = version + 1, sync_status = 0 WHERE id = 7");
            Patience.await("the changed user").until(() -> synced(url) == 150);
            assertThat(outside.text("user-7.json"))
                    .isEqualTo("{\"id\":7,\"name\":\"user 7\",\"email\":\"new@example.com\"}");
        }
    }

    @Test
    void usersWhoAreRefusedStopNobodyElse() {
        List<String> refused = IntStream.rangeClosed(1, 10)
                .mapToObj(id -> "user-" + id + ".json")
                .toList();
        refused.forEach(outside::refuse);
        try (RunningApp app = app(sqlite(), 15).start()) {
            Patience.await("the others").until(() -> synced(sqlite()) == 5);
            app.awaitOutput("user 3 was not taken");

            refused.forEach(outside::release);

            Patience.await("the refused ones").until(() -> synced(sqlite()) == 15);
            assertThat(app.deaths()).isEmpty();
        }
    }

    @Test
    void aStopIsSeenInTheMiddleOfManyUsers() {
        String url = sqlite();
        RunningApp app = app(url, 20_000).start();
        try (app) {
            Patience.await("some users").until(() -> outside.names().size() > 20);
            long start = System.nanoTime();
            assertThat(app.stop()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(synced(url)).isEqualTo(outside.names().size()).isLessThan(20_000);
    }

    @Test
    void aDatabaseThatIsGoneIsWaitedFor() {
        try (TestPostgres database = TestPostgres.create()) {
            String url = database.url();
            database.refuse();
            try (RunningApp app = app(url, 3).start()) {
                long first = app.pid(PROCESS);
                app.awaitOutput("not currently accepting connections");
                database.accept();
                Patience.await("all users").until(() -> synced(url) == 3);

                database.refuse();
                database.accept();
                change(url, "UPDATE users SET sync_status = 0, version = version + 1");

                Patience.await("all users again").until(() -> synced(url) == 3);
                assertThat(app.pid(PROCESS)).isEqualTo(first);
            }
        }
    }

    private String sqlite() {
        return "jdbc:sqlite:" + directory.resolve("users.db");
    }

    private RunningApp app(String url, int sample) {
        return RunningApp.of(UserSyncApp.class, directory)
                .set("processes." + PROCESS + ".interval", "100")
                .environment("MUSTER_DATA_DIR", directory.resolve("data").toString())
                .environment("DATABASES_DEFAULT_URL", url)
                .environment("USERS_SAMPLE", Integer.toString(sample));
    }

    /// How many users are synchronised; -1 while there is no table.
    private static int synced(String url) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM users WHERE sync_status = 1")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            return -1;
        }
    }

    private static void change(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            int _ = statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
