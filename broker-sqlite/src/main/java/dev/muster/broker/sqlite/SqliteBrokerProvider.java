package dev.muster.broker.sqlite;

import dev.muster.config.Settings;
import dev.muster.task.Broker;
import dev.muster.task.BrokerProvider;
import java.nio.file.Path;

/// Opens the queue that `tasks.broker: sqlite` stands for.
public final class SqliteBrokerProvider implements BrokerProvider {
    @Override
    public String kind() {
        return "sqlite";
    }

    @Override
    public Broker open(Settings settings) {
        String file = settings.text("tasks.sqlite.file");
        Path data = settings.dataDir();
        return SqliteBroker.open(
                file.isEmpty() ? data.resolve("queue.db") : data.resolve(file),
                data.resolve("native"),
                Durability.of(settings.text("tasks.sqlite.durability")),
                settings.bytes("tasks.maxSize"));
    }
}
