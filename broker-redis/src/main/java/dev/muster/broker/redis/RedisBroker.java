package dev.muster.broker.redis;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker;
import dev.muster.task.Coordination;
import dev.muster.task.QueueName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The queues of a Redis or Valkey server. What is ready lies in a plain list, which producers and consumers in any
/// language may share.
///
/// **Threads:** safe for use by many threads; [#await] holds a connection of its own. **Lifetime:** closed by whoever
/// opened it. **Failure:** as [Broker] says; each change is one script. What Redis itself may lose in a
/// failover or a crash, its persistence decides.
final class RedisBroker implements Broker {
    private final Server server;
    private final Enqueueing enqueueing;
    private final Claims claims;
    private final Waiting waiting;
    private final Viewing viewing;
    private final Mending mending;
    private final Leases leases;
    private final Coordinating coordinating;
    private final String durability;

    private RedisBroker(Server server, long maxSize, String durability) {
        this.server = server;
        this.durability = durability;
        enqueueing = new Enqueueing(server);
        claims = new Claims(server, maxSize);
        waiting = new Waiting(server);
        viewing = new Viewing(server);
        mending = new Mending(server, viewing);
        leases = new Leases(server);
        coordinating = new Coordinating(server, enqueueing, viewing);
    }

    /// Opens the queues of a server.
    ///
    /// @param maxSize bytes; of larger messages only the beginning is handed to workers
    static RedisBroker open(String url, long maxSize) {
        Server server = Server.of(url);
        try {
            return new RedisBroker(server, maxSize, ServerCheck.of(server));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public List<String> enqueue(List<NewTask> tasks) {
        return enqueueing.enqueue(tasks);
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        return claims.claim(queue, owner, max);
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        return claims.settle(outcomes);
    }

    @Override
    public void giveBack(List<Claim> given) {
        claims.giveBack(given);
    }

    @Override
    public ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        return claims.reclaim(dead, policy, viewing.queues(), () -> false);
    }

    @Override
    public ReclaimReport reclaimLapsed(DeadWorker dead, CrashPolicy policy) {
        return claims.reclaim(
                dead, policy, viewing.queues(), () -> leases.living().contains(dead.incarnation()));
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public void renew(String owner, Duration lease) {
        leases.renew(owner, lease);
    }

    @Override
    public List<Claim> held(String owner) {
        return claims.held(owner, viewing.queues());
    }

    @Override
    public Set<String> owners() {
        Set<String> owners = viewing.owners();
        if (!owners.isEmpty()) {
            owners.removeAll(leases.living());
        }
        return owners;
    }

    @Override
    public void await(List<String> queues, Duration wait) throws InterruptedException {
        waiting.await(queues, TimeUnit.NANOSECONDS.convert(wait));
    }

    @Override
    public void wake() {
        waiting.wake();
    }

    @Override
    public Set<String> cancelled(String owner) {
        return viewing.cancelled(owner);
    }

    @Override
    public void progress(Claim claim, String progress) {
        claims.progress(claim, progress);
    }

    @Override
    public Coordination coordination() {
        return coordinating;
    }

    @Override
    public Map<String, QueueCounts> counts() {
        return viewing.counts();
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
    public Optional<TaskView> look(String id) {
        return viewing.look(id);
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
        return mending.cancel(id);
    }

    @Override
    public void pause(String queue) {
        Object _ = server.run("pause the queue " + queue, Script.PAUSE, QueueName.checked(queue), List.of());
    }

    @Override
    public void resume(String queue) {
        long _ = server.call(
                "resume the queue " + queue,
                client -> client.del(server.keys(queue).paused()));
    }

    @Override
    public Set<String> paused() {
        return viewing.paused();
    }

    @Override
    public String durability() {
        return durability;
    }

    @Override
    public void close() {
        waiting.close();
        server.close();
    }
}
