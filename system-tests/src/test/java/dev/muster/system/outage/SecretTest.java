package dev.muster.system.outage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.redis.TestServer;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Outlasting;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The password of a store, on the way through everything that is written down or shown.
@Timeout(120)
@Tag("long")
class SecretTest {
    private static final String SECRET = "s3cr3t-of-n0b0dy";

    @TempDir
    Path directory;

    /// The address of the store, in a place that is not searched.
    @TempDir
    Path hidden;

    private RunningApp app(String broker, String key) throws IOException {
        Path _ = Files.createFile(directory.resolve("enqueue"));
        return RunningApp.of(Outlasting.class, directory)
                .packed(Ledger.class)
                .set("tasks.broker", broker)
                .set(key, "file:" + hidden.resolve("address"))
                .set("tasks.workers", "1");
    }

    private void address(String url) throws IOException {
        Path _ = Files.writeString(hidden.resolve("address"), url + "\n");
    }

    @Test
    void thatOfARedisIsShownByNobodyWhetherItIsRightOrNot() throws IOException {
        try (TestServer server = TestServer.guarded(SECRET)) {
            address("redis://:" + SECRET + "@127.0.0.1:1");
            try (RunningApp app = app("redis", "tasks.redis.url").start()) {
                awaitRefusal("Failed to connect");
                address("redis://:" + SECRET + "-wrong@127.0.0.1:" + server.port());
                awaitRefusal("WRONGPASS");
                address("redis://:" + SECRET + "%zz@127.0.0.1:" + server.port());
                awaitRefusal("is no address of a Redis server");
                address(server.url());
                assertThat(server.url()).contains(SECRET);
                assertHiddenWhenAllIsWell(app);
            }
        }
    }

    @Test
    void thatOfAPostgresIsShownByNobodyWhetherItIsRightOrNot() throws IOException {
        try (Store server = PostgresStore.start(directory.resolve("store"))) {
            address("postgres://postgres:" + SECRET + "@127.0.0.1:1/postgres");
            try (RunningApp app = app("postgres", "tasks.postgres.url").start()) {
                awaitRefusal("cannot be reached");
                address("postgres://stranger:" + SECRET + "@127.0.0.1:" + server.port() + "/postgres");
                awaitRefusal("does not let the user stranger in");
                address("postgres://postgres:" + SECRET + "%zz@127.0.0.1:" + server.port() + "/postgres");
                awaitRefusal("is none of a PostgreSQL database");
                address("postgres://postgres:" + SECRET + "@127.0.0.1:" + server.port() + "/postgres");
                assertHiddenWhenAllIsWell(app);
            }
        }
    }

    /// Where it is given as it is, the run directory keeps it, for `muster tasks`, and for nobody else.
    @Test
    void thatOfTheEnvironmentStandsInOneFileThatNobodyElseMayRead() throws IOException {
        try (TestServer server = TestServer.guarded(SECRET);
                RunningApp app = RunningApp.of(Outlasting.class, directory)
                        .packed(Ledger.class)
                        .environment("MUSTER_TASKS_REDIS_URL", server.url())
                        .set("tasks.broker", "redis")
                        .set("tasks.workers", "1")
                        .start()) {
            Path _ = Files.createFile(directory.resolve("enqueue"));
            Patience.await("the task")
                    .until(() -> Ledger.texts(directory, "tasks").size() == 1);
            Path configuration = app.runDir().resolve("config.json");

            assertThat(filesWithIt()).containsExactly(configuration);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(configuration)))
                    .isEqualTo("rw-------");
            assertThat(commandLinesWithIt()).isEmpty();
            assertThat(said(app)).doesNotContain(SECRET);
        }
    }

    private void awaitRefusal(String text) {
        Patience.await("the refusal: " + text)
                .until(() -> Ledger.texts(directory, "enqueued").stream()
                        .anyMatch(line -> line.startsWith("refused") && line.contains(text)));
    }

    private void assertHiddenWhenAllIsWell(RunningApp app) throws IOException {
        Patience.await("the task").until(() -> Ledger.texts(directory, "tasks").size() == 1);
        assertThat(filesWithIt()).isEmpty();
        assertThat(commandLinesWithIt()).isEmpty();
        assertThat(said(app)).doesNotContain(SECRET);
        assertThat(app.stop()).isZero();
        assertThat(filesWithIt()).isEmpty();
    }

    /// What is shown of an application, and to its operators.
    private static String said(RunningApp app) {
        return app.output()
                + app.why("task")
                + app.why("Ticker")
                + Stream.of("ps", "deaths", "health")
                        .map(verb -> app.command(verb, Map.of()).body())
                        .toList();
    }

    private List<Path> filesWithIt() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> holdsIt(file))
                    .toList();
        }
    }

    private static List<Path> commandLinesWithIt() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(process -> process.getFileName().toString().matches("\\d+"))
                    .map(process -> process.resolve("cmdline"))
                    .filter(SecretTest::holdsIt)
                    .toList();
        }
    }

    /// Of a file that is gone by now nobody can read it.
    private static boolean holdsIt(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1).contains(SECRET);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return !Files.exists(file.getParent().resolve("stat"));
        }
    }
}
