package dev.muster.worker;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.BrokerException;
import dev.muster.task.Coordination;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/// A store in the memory of one process, for tests of who uses a broker. It can be down, or lose its answers to claims.
public final class MemoryBroker extends LoopBroker {
    final List<Outcome> settled = new CopyOnWriteArrayList<>();
    final List<DeadWorker> reclaimed = new CopyOnWriteArrayList<>();
    final Set<String> owners = new CopyOnWriteArraySet<>();
    volatile boolean down;
    volatile boolean losesClaims;
    volatile boolean closed;
    volatile boolean shared;
    volatile boolean renewsNothing;
    final MemoryCoordination coordination = new MemoryCoordination();
    private final Queue<Claim> ready = new ArrayDeque<>();
    private final List<Claim> held = new CopyOnWriteArrayList<>();
    private final Consumer<Outcome> onSettled;
    private long token;
    private long wakes;

    /// One that nobody listens to.
    public MemoryBroker() {
        this(_ -> {});
    }

    /// @param onSettled is told each outcome that is stored
    MemoryBroker(Consumer<Outcome> onSettled) {
        this.onSettled = onSettled;
    }

    @Override
    public synchronized List<String> enqueue(List<NewTask> tasks) {
        check();
        List<String> ids = new ArrayList<>();
        for (NewTask task : tasks) {
            String id = task.id().isEmpty() ? "t-" + (token + 1) : task.id();
            ready.add(new Claim(id, ++token, task.queue(), task.payload(), 0, 0, false));
            ids.add(id);
        }
        wakes++;
        notifyAll();
        return ids;
    }

    @Override
    public synchronized List<Claim> claim(String queue, String owner, int max) {
        check();
        List<Claim> claims = new ArrayList<>();
        while (claims.size() < max && !ready.isEmpty()) {
            claims.add(ready.remove());
        }
        held.addAll(claims);
        if (losesClaims) {
            throw new BrokerException("the store of the test loses its answer");
        }
        return claims;
    }

    @Override
    public synchronized List<Outcome> settle(List<Outcome> outcomes) {
        check();
        settled.addAll(outcomes);
        outcomes.forEach(outcome -> held.remove(outcome.claim()));
        outcomes.forEach(onSettled);
        return List.of();
    }

    @Override
    public synchronized void giveBack(List<Claim> claims) {
        check();
        ready.addAll(claims);
        held.removeAll(claims);
    }

    @Override
    public synchronized List<Claim> held(String owner) {
        check();
        return List.copyOf(held);
    }

    @Override
    public boolean shared() {
        return shared;
    }

    @Override
    public void renew(String owner, Duration lease) {
        check();
        if (renewsNothing) {
            throw new BrokerException("the store of the test renews nothing");
        }
    }

    @Override
    public Set<String> owners() {
        check();
        return Set.copyOf(owners);
    }

    @Override
    public ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        check();
        reclaimed.add(dead);
        return new ReclaimReport(dead.started().size(), 0);
    }

    @Override
    public synchronized void await(List<String> queues, Duration wait) throws InterruptedException {
        check();
        long end = System.nanoTime() + wait.toNanos();
        long seen = wakes;
        long left = wait.toMillis();
        while (ready.isEmpty() && wakes == seen && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    @Override
    public synchronized long ready(Collection<String> queues) {
        check();
        return ready.stream().filter(claim -> queues.contains(claim.queue())).count();
    }

    @Override
    public synchronized void wake() {
        wakes++;
        notifyAll();
    }

    @Override
    public Coordination coordination() {
        return coordination;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void check() {
        if (down) {
            throw new BrokerException("the store of the test is down");
        }
    }
}
