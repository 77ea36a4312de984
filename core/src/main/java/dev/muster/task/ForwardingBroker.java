package dev.muster.task;

import dev.muster.control.Message.DeadWorker;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A broker that hands every call on to another one; for those who change what a few calls do.
///
/// **Threads:** as the other one. **Lifetime:** [#close()] closes the other one.
public abstract class ForwardingBroker implements Broker {
    /// For those who extend it.
    protected ForwardingBroker() {}

    /// The other one.
    ///
    /// @throws BrokerException if there is none at the moment
    protected abstract Broker store();

    @Override
    public List<String> enqueue(List<NewTask> tasks) {
        return store().enqueue(tasks);
    }

    @Override
    public List<String> enqueue(Connection connection, List<NewTask> tasks) {
        return store().enqueue(connection, tasks);
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        return store().claim(queue, owner, max);
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        return store().settle(outcomes);
    }

    @Override
    public void giveBack(List<Claim> claims) {
        store().giveBack(claims);
    }

    @Override
    public ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        return store().reclaim(dead, policy);
    }

    @Override
    public ReclaimReport reclaimLapsed(DeadWorker dead, CrashPolicy policy) {
        return store().reclaimLapsed(dead, policy);
    }

    @Override
    public boolean secure(Claim claim) {
        return store().secure(claim);
    }

    @Override
    public boolean holds(Claim claim) {
        return store().holds(claim);
    }

    @Override
    public boolean shared() {
        return store().shared();
    }

    @Override
    public void renew(String owner, Duration lease) {
        store().renew(owner, lease);
    }

    @Override
    public Set<String> owners() {
        return store().owners();
    }

    @Override
    public List<Claim> held(String owner) {
        return store().held(owner);
    }

    @Override
    public Set<String> cancelled(String owner) {
        return store().cancelled(owner);
    }

    @Override
    public void progress(Claim claim, String progress) {
        store().progress(claim, progress);
    }

    @Override
    public Coordination coordination() {
        return store().coordination();
    }

    @Override
    public void await(List<String> queues, Duration wait) throws InterruptedException {
        store().await(queues, wait);
    }

    @Override
    public long ready(Collection<String> queues) {
        return store().ready(queues);
    }

    @Override
    public void wake() {
        store().wake();
    }

    @Override
    public Map<String, QueueCounts> counts() {
        return store().counts();
    }

    @Override
    public List<TaskView> dead(int limit) {
        return store().dead(limit);
    }

    @Override
    public Optional<TaskView> find(String id) {
        return store().find(id);
    }

    @Override
    public Optional<TaskView> look(String id) {
        return store().look(id);
    }

    @Override
    public boolean retry(String id) {
        return store().retry(id);
    }

    @Override
    public int retryAll() {
        return store().retryAll();
    }

    @Override
    public boolean delete(String id) {
        return store().delete(id);
    }

    @Override
    public Cancellation cancel(String id) {
        return store().cancel(id);
    }

    @Override
    public void pause(String queue) {
        store().pause(queue);
    }

    @Override
    public void resume(String queue) {
        store().resume(queue);
    }

    @Override
    public Set<String> paused() {
        return store().paused();
    }

    @Override
    public String durability() {
        return store().durability();
    }

    @Override
    public @Nullable Broker rehearsal() {
        return store().rehearsal();
    }

    @Override
    public void close() {
        store().close();
    }
}
