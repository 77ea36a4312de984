package dev.muster.worker;

import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import dev.muster.task.ForwardingBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The broker as the loop of a worker uses it. Until the store is open every call fails as one to a store that is down.
/// It remembers the claimed tasks, and tells [Silence] while the worker waits for the store.
///
/// **Threads:** safe for use by many threads, of which one at a time claims. **Lifetime:** from boot to the end of the
/// process. **Failure:** as [Broker]. A claim that fails may have been made all the same, if only its answer was lost,
/// or be made later, if it is still on its way; and what could not be given back is still held. Nobody else sees to
/// what a living worker holds, so the next claims begin with that: see [Doubt].
final class WorkerBroker extends ForwardingBroker {
    private final BrokerKeeper keeper;
    private final Silence silence;
    private final Outage outage;
    private final Map<String, Taken> claimed = new ConcurrentHashMap<>();
    private final Doubt doubt;

    /// @param at an instant before the store was asked for it
    private record Taken(Claim claim, long at) {}

    WorkerBroker(BrokerKeeper keeper, Silence silence, Outage outage) {
        this(keeper, silence, outage, new Doubt(System::nanoTime));
    }

    WorkerBroker(BrokerKeeper keeper, Silence silence, Outage outage, Doubt doubt) {
        this.keeper = keeper;
        this.silence = silence;
        this.outage = outage;
        this.doubt = doubt;
    }

    @Override
    protected Broker store() {
        return keeper.opened();
    }

    /// The message of a claimed task; the id itself if it is not known.
    String message(String id) {
        Taken taken = claimed.get(id);
        return taken == null ? id : taken.claim.payload();
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        silence.waiting(0);
        Broker broker = keeper.opened();
        if (!keeper.mayClaim()) {
            throw new BrokerException("the lease of this worker ran out, because it stood still or the store was away;"
                    + " it is renewed before anything is claimed");
        }
        if (doubt.wantsLook()) {
            giveBackUnknown(broker, owner);
        }
        try {
            long at = System.nanoTime();
            List<Claim> claims = broker.claim(queue, owner, max);
            for (Claim claim : claims) {
                claimed.put(claim.id(), new Taken(claim, at));
            }
            outage.isOver();
            return claims;
        } catch (BrokerException e) {
            doubt.begins();
            outage.begins(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void giveBackUnknown(Broker broker, String owner) {
        try {
            List<Claim> unknown = new ArrayList<>(broker.held(owner));
            unknown.removeIf(claim -> known(claim) != null);
            if (!unknown.isEmpty()) {
                broker.giveBack(unknown);
            }
        } catch (BrokerException e) {
            doubt.begins();
            throw e;
        }
    }

    /// The last thing of this worker, which claims nothing more: gives back what it may hold without knowing.
    ///
    /// @return whether the store holds nothing in its name now; if not, others must see to that. What comes even
    ///     later is given back when the lease of this worker runs out.
    boolean release(String owner) {
        if (doubt.stands()) {
            try {
                giveBackUnknown(keeper.opened(), owner);
            } catch (BrokerException _) {
                return false;
            }
        }
        return claimed.isEmpty();
    }

    @Override
    public boolean holds(Claim claim) {
        Taken taken = known(claim);
        return taken != null && keeper.holds(taken.at);
    }

    private @Nullable Taken known(Claim claim) {
        Taken taken = claimed.get(claim.id());
        return taken != null && taken.claim.token() == claim.token() ? taken : null;
    }

    /// Not whatever has its id: another thread may have claimed the task anew as soon as the store let it go.
    private void forget(Claim claim) {
        Taken taken = known(claim);
        if (taken != null) {
            boolean _ = claimed.remove(claim.id(), taken);
        }
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        silence.waiting(0);
        List<Outcome> stale = keeper.opened().settle(outcomes);
        for (Outcome outcome : outcomes) {
            forget(outcome.claim());
        }
        return stale;
    }

    @Override
    public void giveBack(List<Claim> claims) {
        silence.waiting(0);
        for (Claim claim : claims) {
            forget(claim);
        }
        try {
            keeper.opened().giveBack(claims);
        } catch (BrokerException e) {
            doubt.begins();
            throw e;
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
