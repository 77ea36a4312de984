package dev.muster.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The PostgreSQL of this machine, newly made and with its defaults, on a port of its own.
///
/// **Threads:** one. **Lifetime:** ends with [#close], or with this JVM at the latest.
final class PostgresServer implements Store {
    private final ServerProcess process;
    private final int port;

    private PostgresServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static PostgresServer start(Path directory) {
        int port = ServerProcess.freePort();
        String data = directory.resolve("data").toString();
        ServerProcess.run(
                directory,
                command("initdb", "--pgdata", data, "--username", "bench", "--auth", "trust", "--encoding", "UTF8"));
        ServerProcess process = ServerProcess.start(
                directory,
                command(
                        "postgres",
                        "-D",
                        data,
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="));
        PostgresServer server = new PostgresServer(process, port);
        process.await("an answer of postgres", server::answers);
        return server;
    }

    /// PostgreSQL does not start for root; in a user namespace without names nobody is root.
    private static List<String> command(String... words) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "--user", "--"));
        }
        command.addAll(List.of(words));
        return command;
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=bench");
    }

    /// What a statement counts; 0 while its table is not there.
    long count(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            return 0;
        }
    }

    /// How long bare commits take: one row each, from the statement until the server says that it is kept.
    BareCommit bareCommit() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("CREATE TABLE bare(n bigint)");
        }
        PreparedStatement insert = connection.prepareStatement("INSERT INTO bare VALUES (?)");
        return new BareCommit(connection, insert);
    }

    @Override
    public String kind() {
        return "postgres";
    }

    @Override
    public void configure(Application application) {
        Application _ = application
                .set("tasks.broker", "postgres")
                .set("tasks.postgres.url", "postgres://bench@127.0.0.1:" + port + "/postgres");
    }

    @Override
    public long cpuMillis() {
        return process.cpuMillis();
    }

    @Override
    public void close() {
        process.close();
    }
}
