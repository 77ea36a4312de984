package dev.muster.broker.sql;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker;
import dev.muster.task.Coordination;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The queue in a database. What remains for the broker of one database: its durability, and leases if workers of
/// several machines share it.
///
/// **Threads:** safe for use by many threads; [#await] holds a platform thread. **Lifetime:** closed by whoever opened
/// it, and the store with it. **Failure:** as [Broker] says.
public abstract class SqlBroker implements Broker {
    private final Store store;
    private final Enqueueing enqueueing;
    private final Claiming claiming;
    private final Settling settling;
    private final Reclaiming reclaiming;
    private final Viewing viewing;
    private final Mending mending;
    private final Cancelling cancelling;
    private final Pausing pausing;
    private final Results results;
    private final Coordination coordination;

    /// @param maxSize bytes; of larger messages only the beginning is handed to workers
    protected SqlBroker(Store store, long maxSize) {
        this.store = store;
        this.enqueueing = new Enqueueing(store);
        this.claiming = new Claiming(store, maxSize);
        this.reclaiming = new Reclaiming(store, maxSize);
        this.viewing = new Viewing(store);
        this.mending = new Mending(store);
        this.cancelling = new Cancelling(store);
        this.pausing = new Pausing(store);
        this.results = new Results(store);
        this.settling = new Settling(store, results);
        this.coordination = new SqlCoordination(store, enqueueing, results);
    }

    @Override
    public List<String> enqueue(List<NewTask> tasks) {
        return enqueueing.enqueue(tasks);
    }

    @Override
    public List<String> enqueue(Connection connection, List<NewTask> tasks) {
        return enqueueing.enqueue(connection, tasks);
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        return claiming.claim(queue, owner, max);
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        return settling.settle(outcomes);
    }

    @Override
    public void giveBack(List<Claim> claims) {
        claiming.giveBack(claims);
    }

    @Override
    public ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        return reclaiming.reclaim(dead, policy, Reclaiming.Alive.NOBODY);
    }

    /// As [#reclaim], unless the owner turns out to be alive.
    ///
    /// @param alive asked in the transaction, when its claims have been read: what it claims from then on is left
    ///     alone
    protected final ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy, Reclaiming.Alive alive) {
        return reclaiming.reclaim(dead, policy, alive);
    }

    @Override
    public List<Claim> held(String owner) {
        return reclaiming.held(owner);
    }

    @Override
    public Set<String> owners() {
        return viewing.owners();
    }

    @Override
    public void await(List<String> queues, Duration wait) throws InterruptedException {
        claiming.await(queues, TimeUnit.NANOSECONDS.convert(wait));
    }

    @Override
    public void wake() {
        store.changes().changed();
    }

    @Override
    public Map<String, QueueCounts> counts() {
        return viewing.counts();
    }

    @Override
    public long ready(Collection<String> queues) {
        return viewing.ready(queues);
    }

    @Override
    public List<TaskView> dead(int limit) {
        return viewing.dead(limit);
    }

    @Override
    public Optional<TaskView> find(String id) {
        return viewing.find(id);
    }

    @Override
    public boolean retry(String id) {
        return mending.retry(id);
    }

    @Override
    public int retryAll() {
        return mending.retryAll();
    }

    @Override
    public boolean delete(String id) {
        return mending.delete(id);
    }

    @Override
    public Cancellation cancel(String id) {
        return cancelling.cancel(id);
    }

    @Override
    public Set<String> cancelled(String owner) {
        return cancelling.cancelled(owner);
    }

    @Override
    public void pause(String queue) {
        pausing.pause(queue, true);
    }

    @Override
    public void resume(String queue) {
        pausing.pause(queue, false);
    }

    @Override
    public Set<String> paused() {
        return pausing.paused();
    }

    @Override
    public void progress(Claim claim, String progress) {
        results.progress(claim, progress);
    }

    @Override
    public Coordination coordination() {
        return coordination;
    }

    @Override
    public void close() {
        store.close();
    }
}
