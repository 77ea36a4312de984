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

/// What plain JDBC on SQLite allows two processes that share a table, if a claim is to survive the one that made it:
/// each claims a batch in one statement, which returns the rows with their bodies, and commits; then it deletes those
/// that it still holds, and commits; until nothing is left. No retries, no dead letters, no turns, nobody who gives
/// back what a dead process held, and nothing but what SQLite does itself to let both come to their turn.
///
/// Durability: WAL with `synchronous=NORMAL`, as Muster's `process`.
///
/// Arguments: the file, the size of a batch, the [Table]. It says when it began, when it ended, and how many it had.
public final class BareLoop {
    /// On which table it works.
    enum Table {
        /// One with no more than the loop needs: a number, a state, who holds the row, 80 characters, one
        /// index.
        PLAIN(
                "UPDATE task SET state = 1, owner = ? WHERE seq IN (SELECT seq FROM task WHERE state = 0 ORDER BY seq"
                        + " LIMIT ?) RETURNING seq, payload",
                "DELETE FROM task WHERE seq = ? AND owner = ?"),

        /// The one in which Muster keeps its tasks, with its columns and its indexes.
        MUSTER(
                "UPDATE task SET state = 'RUNNING', owner = ?, token = token + 1 WHERE seq IN (SELECT seq FROM task"
                        + " WHERE queue = 'default' AND state = 'READY' ORDER BY place LIMIT ?) RETURNING seq, payload",
                "DELETE FROM task WHERE seq = ? AND owner = ?");

        private final String claim;
        private final String delete;

        Table(String claim, String delete) {
            this.claim = claim;
            this.delete = delete;
        }
    }

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

    /// Makes the plain table and fills it.
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
        Table table = Table.valueOf(args[2]);
        String owner = Long.toString(ProcessHandle.current().pid());
        try (Connection connection = connect(Path.of(args[0]));
                PreparedStatement claim = connection.prepareStatement(table.claim);
                PreparedStatement delete = connection.prepareStatement(table.delete)) {
            claim.setString(1, owner);
            claim.setInt(2, Integer.parseInt(args[1]));
            long first = System.nanoTime();
            long done = 0;
            for (List<Row> batch = claim(claim); !batch.isEmpty(); batch = claim(claim)) {
                connection.commit();
                for (Row row : batch) {
                    delete.setLong(1, row.seq);
                    delete.setString(2, owner);
                    delete.addBatch();
                }
                int[] _ = delete.executeBatch();
                connection.commit();
                done += batch.size();
            }
            System.out.println(first + " " + System.nanoTime() + " " + done);
        }
    }

    private record Row(long seq, String payload) {}

    private static List<Row> claim(PreparedStatement claim) throws SQLException {
        List<Row> batch = new ArrayList<>();
        try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
                boolean _ = batch.add(new Row(rows.getLong(1), rows.getString(2)));
            }
        }
        return batch;
    }
}
