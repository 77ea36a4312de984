package dev.muster.worker;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.Coordination;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Leases in the memory of one process, for tests of who holds one.
final class MemoryCoordination implements Coordination {
    private final Map<String, Lease> leases = new ConcurrentHashMap<>();
    volatile boolean down;

    @Override
    public synchronized Optional<Lease> lease(String name, String holder, String note, Duration term) {
        if (down) {
            throw new BrokerException("the store of the test is down");
        }
        Coordination.requireLegal(name, holder, note, term);
        Lease before = leases.get(name);
        boolean free = before == null || !before.until().isAfter(Instant.now());
        if (!free && !before.holder().equals(holder)) {
            return Optional.empty();
        }
        long token = before == null ? 1 : free ? before.token() + 1 : before.token();
        Lease lease = new Lease(name, holder, note, token, Instant.now().plus(term));
        leases.put(name, lease);
        return Optional.of(lease);
    }

    @Override
    public synchronized void release(Lease lease) {
        leases.computeIfPresent(
                lease.name(),
                (_, present) -> present.equals(lease)
                        ? new Lease(lease.name(), lease.holder(), lease.note(), lease.token(), Instant.EPOCH)
                        : present);
    }

    @Override
    public synchronized List<Lease> leases(String prefix) {
        return leases.values().stream()
                .filter(lease ->
                        lease.name().startsWith(prefix) && lease.until().isAfter(Instant.now()))
                .toList();
    }

    @Override
    public boolean fire(String schedule, Instant instant, NewTask task) {
        throw new UnsupportedOperationException("no schedules here");
    }

    @Override
    public Map<String, Instant> fired() {
        return Map.of();
    }

    @Override
    public Instant seen(String schedule, Instant now) {
        return now;
    }
}
