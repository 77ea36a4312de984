package dev.muster.broker.redis;

import dev.muster.config.Settings;
import dev.muster.task.Broker;
import dev.muster.task.BrokerProvider;

/// Opens the queue that `tasks.broker: redis` stands for.
public final class RedisBrokerProvider implements BrokerProvider {
    @Override
    public String kind() {
        return "redis";
    }

    @Override
    public Broker open(Settings settings) {
        return RedisBroker.open(settings.text("tasks.redis.url"), settings.bytes("tasks.maxSize"));
    }
}
