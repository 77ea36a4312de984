package dev.muster.broker.postgres;

import dev.muster.config.Settings;
import dev.muster.task.Broker;
import dev.muster.task.BrokerProvider;
import dev.muster.task.Brokers;
import java.util.List;

/// Opens the queue that `tasks.broker: postgres` stands for.
public final class PostgresBrokerProvider implements BrokerProvider {
    /// Nothing is claimed through an address: what larger messages are cut to does not matter.
    private static final long MAX_MESSAGE = 64L << 20;

    @Override
    public String kind() {
        return "postgres";
    }

    @Override
    public List<String> schemes() {
        return List.of("postgres", "postgresql");
    }

    @Override
    public Broker connect(String url) {
        return PostgresBroker.open(url, "muster", MAX_MESSAGE);
    }

    @Override
    public Broker open(Settings settings) {
        return PostgresBroker.open(
                Brokers.address(settings, "tasks.postgres.url"),
                "muster " + settings.text("app.name"),
                settings.bytes("tasks.maxSize"));
    }
}
