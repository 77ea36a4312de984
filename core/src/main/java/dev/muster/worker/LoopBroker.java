package dev.muster.worker;

import dev.muster.task.Broker;
import dev.muster.task.Coordination;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A store without a desk, for the loop of a worker alone: what only people and other nodes ask is refused.
abstract class LoopBroker implements Broker {
    private static UnsupportedOperationException unasked() {
        return new UnsupportedOperationException("this store is for the loop of a worker alone");
    }

    @Override
    public Set<String> owners() {
        return Set.of();
    }

    @Override
    public List<Claim> held(String owner) {
        return List.of();
    }

    @Override
    public Set<String> cancelled(String owner) {
        return Set.of();
    }

    @Override
    public void progress(Claim claim, String progress) {}

    @Override
    public Coordination coordination() {
        throw unasked();
    }

    @Override
    public Map<String, QueueCounts> counts() {
        throw unasked();
    }

    @Override
    public List<TaskView> dead(int limit) {
        throw unasked();
    }

    @Override
    public Optional<TaskView> find(String id) {
        throw unasked();
    }

    @Override
    public boolean retry(String id) {
        throw unasked();
    }

    @Override
    public int retryAll() {
        throw unasked();
    }

    @Override
    public boolean delete(String id) {
        throw unasked();
    }

    @Override
    public Cancellation cancel(String id) {
        throw unasked();
    }

    @Override
    public void pause(String queue) {
        throw unasked();
    }

    @Override
    public void resume(String queue) {
        throw unasked();
    }

    @Override
    public Set<String> paused() {
        throw unasked();
    }

    @Override
    public String durability() {
        return "none";
    }

    @Override
    public void close() {}
}
