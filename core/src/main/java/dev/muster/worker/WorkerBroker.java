package dev.muster.worker;

import dev.muster.task.Broker;
import dev.muster.task.ForwardingBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The broker as the loop of a worker uses it. Until the store is open every call fails as one to a store that is down.
/// It remembers the messages of claimed tasks, and tells [Silence] while the worker waits for the store.
///
/// **Threads:** safe for use by many threads. **Lifetime:** from boot to the end of the process.
/// **Failure:** as [Broker].
final class WorkerBroker extends ForwardingBroker {
    private final BrokerKeeper keeper;
    private final Silence silence;
    private final Map<String, String> messages = new ConcurrentHashMap<>();

    WorkerBroker(BrokerKeeper keeper, Silence silence) {
        this.keeper = keeper;
        this.silence = silence;
    }

    @Override
    protected Broker store() {
        return keeper.opened();
    }

    /// The message of a claimed task; the id itself if it is not known.
    String message(String id) {
        return messages.getOrDefault(id, id);
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        silence.waiting(0);
        List<Claim> claims = keeper.opened().claim(queue, owner, max);
        for (Claim claim : claims) {
            messages.put(claim.id(), claim.payload());
        }
        return claims;
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        silence.waiting(0);
        List<Outcome> stale = keeper.opened().settle(outcomes);
        for (Outcome outcome : outcomes) {
            messages.remove(outcome.claim().id());
        }
        return stale;
    }

    @Override
    public void giveBack(List<Claim> claims) {
        silence.waiting(0);
        keeper.opened().giveBack(claims);
        for (Claim claim : claims) {
            messages.remove(claim.id());
        }
    }

    @Override
    public void await(List<String> queues, Duration wait) throws InterruptedException {
        silence.waiting(StopRequest.saturatedNanos(wait));
        Broker broker = keeper.ifOpened();
        if (broker == null) {
            keeper.awaitOpen(wait);
        } else {
            broker.await(queues, wait);
        }
    }

    @Override
    public void wake() {
        keeper.wake();
        Broker broker = keeper.ifOpened();
        if (broker != null) {
            broker.wake();
        }
    }

    @Override
    public void close() {
        keeper.close();
    }
}
