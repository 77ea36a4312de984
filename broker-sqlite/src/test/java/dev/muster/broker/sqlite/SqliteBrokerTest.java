package dev.muster.broker.sqlite;

import dev.muster.task.Broker;
import dev.muster.testkit.BrokerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteBrokerTest extends BrokerContract {
    @TempDir
    Path directory;

    @Override
    protected Broker open() {
        return SqliteBroker.open(directory.resolve("queue.db"), directory.resolve("native"), Durability.POWER, 1 << 20);
    }
}
