package dev.muster.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// One row in a table of its own, over plain JDBC: what a commit costs where the tasks are kept.
///
/// **Threads:** one. **Lifetime:** closes its connection.
///
/// @param connection each of whose statements commits
/// @param insert with one number
record BareCommit(Connection connection, PreparedStatement insert) implements AutoCloseable {
    /// @return nanoseconds
    long time() throws SQLException {
        long start = System.nanoTime();
        insert.setLong(1, start);
        int _ = insert.executeUpdate();
        return System.nanoTime() - start;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
