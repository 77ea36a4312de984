package dev.muster.broker.sqlite;

import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import dev.muster.task.ForwardingBroker;
import dev.muster.task.StartMarks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A real broker that can be made to fail, and marks, both of which note what is done in one list.
final class ObservedBroker extends ForwardingBroker implements StartMarks {
    /// Tests look through it while a consumer writes.
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile boolean down;
    volatile boolean condemned;
    volatile boolean lapsed;
    private final Broker real;
    private final String[] marks = new String[MARKS];

    ObservedBroker(Broker real) {
        this.real = real;
    }

    @Override
    protected Broker store() {
        return real;
    }

    private void check(String what) {
        if (down) {
            events.add("refused " + what);
            throw new BrokerException("cannot " + what + ": it is down for a test");
        }
    }

    @Override
    public boolean holds(Claim claim) {
        return !lapsed;
    }

    @Override
    public boolean mayStart() {
        return !condemned;
    }

    @Override
    public synchronized int started(String id, String label, long limitMillis) {
        for (int i = 0; i < MARKS; i++) {
            if (marks[i] == null) {
                marks[i] = "started";
                events.add("started " + label);
                return i;
            }
        }
        throw new IllegalStateException("all marks are in use");
    }

    @Override
    public synchronized void limit(int mark, long limitMillis) {
        if (!"started".equals(marks[mark])) {
            throw new IllegalStateException("limited " + marks[mark]);
        }
        events.add("limit " + limitMillis);
    }

    @Override
    public synchronized void finished(int mark, boolean failed) {
        if (!"started".equals(marks[mark])) {
            throw new IllegalStateException("finished " + marks[mark]);
        }
        marks[mark] = "finished";
        events.add(failed ? "failed" : "finished");
    }

    @Override
    public synchronized void settled(int mark) {
        if (!"finished".equals(marks[mark])) {
            throw new IllegalStateException("settled " + marks[mark]);
        }
        marks[mark] = null;
    }

    synchronized boolean noMarkStands() {
        for (String mark : marks) {
            if (mark != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        check("claim");
        List<Claim> claims = real.claim(queue, owner, max);
        if (!claims.isEmpty()) {
            events.add("claimed " + claims.size());
        }
        return claims;
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        check("settle");
        if (noMarkStands()) {
            events.add("no mark stands");
        }
        List<Outcome> stale = real.settle(outcomes);
        events.add("settled " + outcomes.size());
        return stale;
    }

    @Override
    public void giveBack(List<Claim> claims) {
        check("give back");
        real.giveBack(claims);
        events.add("gave back " + claims.size());
    }

    @Override
    public void await(List<String> queues, Duration wait) throws InterruptedException {
        check("wait");
        real.await(queues, wait);
    }
}
