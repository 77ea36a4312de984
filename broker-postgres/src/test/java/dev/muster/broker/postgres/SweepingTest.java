package dev.muster.broker.postgres;

import dev.muster.task.Broker;
import dev.muster.testkit.ResultSweeping;
import dev.muster.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class SweepingTest extends ResultSweeping {
    private TestPostgres database;

    @Override
    protected Broker open() {
        database = TestPostgres.create();
        return PostgresBroker.open(Databases.url(database, ""), "test", 1 << 20);
    }

    @Override
    protected Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url());
    }

    @Override
    protected String table() {
        return "muster.result";
    }

    @Override
    protected void drop() {
        database.close();
    }
}
