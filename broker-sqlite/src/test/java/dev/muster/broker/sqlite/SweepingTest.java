package dev.muster.broker.sqlite;

import dev.muster.task.Broker;
import dev.muster.testkit.ResultSweeping;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SweepingTest extends ResultSweeping {
    @TempDir
    Path directory;

    @Override
    protected Broker open() {
        return SqliteBroker.open(
                directory.resolve("queue.db"), directory.resolve("native"), Durability.PROCESS, 1 << 20);
    }

    @Override
    protected Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("queue.db"));
    }

    @Override
    protected String table() {
        return "result";
    }
}
