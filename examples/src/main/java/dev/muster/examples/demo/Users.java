package dev.muster.examples.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The table of users, in an SQLite file.
///
/// **Threads:** one. **Lifetime:** closed by whoever opened it. **Failure:** SQLite undoes what a dead process had not
/// committed, and lets another process wait 5 s for its turn.
final class Users implements AutoCloseable {
    private static final int NEW = 0;
    private static final int SYNCED = 1;

    private final Connection connection;

    private Users(Connection connection) {
        this.connection = connection;
    }

    /// Opens the table of the demo, making it if needed.
    static Users open() throws SQLException, IOException {
        return open(DemoData.directory().resolve("demo.db"));
    }

    static Users open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("CREATE TABLE IF NOT EXISTS users ("
                    + "id INTEGER PRIMARY KEY, name TEXT NOT NULL, sync_status INTEGER NOT NULL)");
        }
        return new Users(connection);
    }

    record User(long id, String name) {}

    /// Adds a user who is not synchronised yet.
    void add(String name) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO users (name, sync_status) VALUES (?, ?)")) {
            insert.setString(1, name);
            insert.setInt(2, NEW);
            insert.executeUpdate();
        }
    }

    /// The oldest users who are not synchronised yet.
    List<User> unsynced(int limit) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id, name FROM users WHERE sync_status = ? ORDER BY id LIMIT ?")) {
            select.setInt(1, NEW);
            select.setInt(2, limit);
            List<User> users = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    users.add(new User(rows.getLong("id"), rows.getString("name")));
                }
            }
            return users;
        }
    }

    /// Marks a user as synchronised.
    void markSynced(User user) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE users SET sync_status = ? WHERE id = ?")) {
            update.setInt(1, SYNCED);
            update.setLong(2, user.id());
            update.executeUpdate();
        }
    }

    /// How many users there are, synchronised or not.
    long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM users")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
