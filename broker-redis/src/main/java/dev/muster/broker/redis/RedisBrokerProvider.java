package dev.muster.broker.redis;

import dev.muster.config.Settings;
import dev.muster.task.Broker;
import dev.muster.task.BrokerProvider;
import dev.muster.task.Brokers;
import java.util.List;

/// Opens the queue that `tasks.broker: redis` stands for.
public final class RedisBrokerProvider implements BrokerProvider {
    /// Nothing is claimed through an address: what larger messages are cut to does not matter.
    private static final long MAX_MESSAGE = 64L << 20;

    @Override
    public String kind() {
        return "redis";
    }

    @Override
    public List<String> schemes() {
        return List.of("redis", "rediss");
    }

    @Override
    public Broker connect(String url) {
        return RedisBroker.open(url, MAX_MESSAGE);
    }

    @Override
    public Broker open(Settings settings) {
        return RedisBroker.open(Brokers.address(settings, "tasks.redis.url"), settings.bytes("tasks.maxSize"));
    }
}
