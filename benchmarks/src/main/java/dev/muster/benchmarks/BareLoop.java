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

/// What plain JDBC on SQLite allows two processes that share a table: each claims a batch in one statement and commits,
/// then deletes the batch and commits, until nothing is left. No retries, no fencing, no dead letters, nobody who gives
/// back what a dead process held, nothing but what SQLite does itself to let both come to their turn.
///
/// Durability: WAL with `synchronous=NORMAL`, as Muster's `process`.
///
/// Arguments: the file, the size of a batch. It says when it began, when it ended, and how many it had.
public final class BareLoop {
    private static final String CLAIM = "UPDATE task SET state = 1, owner = ? WHERE seq IN"
            + " (SELECT seq FROM task WHERE state = 0 ORDER BY seq LIMIT ?) RETURNING seq";

    private BareLoop() {}

    /// A connection as both sides use it.
    static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("PRAGMA busy_timeout=60000");
            boolean _ = statement.execute("PRAGMA journal_mode=WAL");
            boolean _ = statement.execute("PRAGMA synchronous=NORMAL");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /// Makes the table and fills it.
    static void fill(Path file, int tasks) throws SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(
                    "CREATE TABLE task(seq INTEGER PRIMARY KEY, state INTEGER, owner TEXT, payload TEXT)");
            boolean _ = statement.execute("CREATE INDEX ready ON task(seq) WHERE state = 0");
            PreparedStatement insert = connection.prepareStatement("INSERT INTO task(state, payload) VALUES (0, ?)");
            String payload = "x".repeat(80);
            for (int i = 0; i < tasks; i++) {
                insert.setString(1, payload);
                insert.addBatch();
            }
            int[] _ = insert.executeBatch();
            connection.commit();
        }
    }

    public static void main(String[] args) throws SQLException {
        try (Connection connection = connect(Path.of(args[0]));
                PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement delete = connection.prepareStatement("DELETE FROM task WHERE seq = ?")) {
            claim.setString(1, Long.toString(ProcessHandle.current().pid()));
            claim.setInt(2, Integer.parseInt(args[1]));
            long first = System.nanoTime();
            long done = 0;
            for (List<Long> batch = claim(claim); !batch.isEmpty(); batch = claim(claim)) {
                connection.commit();
                for (long seq : batch) {
                    delete.setLong(1, seq);
                    delete.addBatch();
                }
                int[] _ = delete.executeBatch();
                connection.commit();
                done += batch.size();
            }
            System.out.println(first + " " + System.nanoTime() + " " + done);
        }
    }

    private static List<Long> claim(PreparedStatement claim) throws SQLException {
        List<Long> batch = new ArrayList<>();
        try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
                boolean _ = batch.add(rows.getLong(1));
            }
        }
        return batch;
    }
}
