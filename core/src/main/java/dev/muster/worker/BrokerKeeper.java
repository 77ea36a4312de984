package dev.muster.worker;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.ReclaimReport;
import dev.muster.task.BrokerException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens the store of a worker, and gives back through it what dead workers held: both on a thread of its own, which
/// tries until it succeeds. Where several machines share the store, it also renews the lease of this worker, and gives
/// back what is held by those whose leases have run out: nobody here sees the end of a whole node. Elsewhere it looks
/// for what [KilledMasters] have left.
///
/// **Threads:** safe for use by many threads. **Lifetime:** from boot to the end of the process.
/// **Failure:** a store that is down holds nobody up; each outage is logged once.
final class BrokerKeeper {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /// Long against the time in which a hung worker is noticed and killed, so that no living node loses its claims.
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final long RENEWAL_NANOS = LEASE.toNanos() / 6;
    private static final long PRESENCE_NANOS = Node.TERM.toNanos() / 3;
    private static final String OPENING = "cannot open the task broker; this worker stays idle";
    private static final DeadWorker LAPSED = new DeadWorker(
            DeadWorker.EVERYBODY, "", Verdict.CRASH, "", List.of(), false, "LEASE: its node is gone", "");
    private static final DeadWorker ORPHANED = new DeadWorker(
            DeadWorker.EVERYBODY, "", Verdict.CRASH, "", List.of(), false, "MASTER_LOST: its master was killed", "");

    /// Who hears that the work of a dead worker was given back. Called on the keeper's thread.
    @FunctionalInterface
    interface Reclaims {
        void reclaimed(String incarnation, ReclaimReport report);
    }

    private final Supplier<Broker> opener;
    private final String owner;
    private final @Nullable Node node;
    private final CrashPolicy policy;
    private final Reclaims reclaims;
    private final InstantSource wall;
    private final KilledMasters killedMasters;
    private final CountDownLatch firstPass = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    // Guarded by `lock`.
    private final Queue<DeadWorker> dead = new ArrayDeque<>();
    private boolean closed;
    private boolean hurried;
    private long wakes;
    private volatile @Nullable Broker open;
    private volatile @Nullable Tenure tenure;
    // Of the keeper's thread.
    private long pauseNanos;
    private long renewAt;
    /// Whether the store was away since the lease was renewed last: for all, perhaps, and who was quicker to come
    /// back must not take the others for dead. Who has just begun does not know.
    private boolean wasAway = true;
    /// What it does, for the log: what cannot be done, and what that means.
    private String doing = OPENING;

    /// @param opener opens the store, or throws
    /// @param owner the incarnation of this process
    /// @param node that this process belongs to; null if nobody else is to know of it
    BrokerKeeper(Supplier<Broker> opener, String owner, @Nullable Node node, CrashPolicy policy, Reclaims reclaims) {
        this(opener, owner, node, policy, reclaims, InstantSource.system());
    }

    /// @param wall the clock that people set
    BrokerKeeper(
            Supplier<Broker> opener,
            String owner,
            @Nullable Node node,
            CrashPolicy policy,
            Reclaims reclaims,
            InstantSource wall) {
        this.opener = opener;
        this.wall = wall;
        this.owner = owner;
        this.node = node;
        this.policy = policy;
        this.reclaims = reclaims;
        this.killedMasters = new KilledMasters(ORPHANED, policy);
    }

    /// Starts opening the store, and then gives back the work of these dead.
    void start(List<DeadWorker> first) {
        first.forEach(this::reclaim);
        Thread thread = new Thread(null, this::serve, "muster-broker", 512 * 1024, false);
        thread.setDaemon(true);
        thread.start();
    }

    /// Waits until the first dead are done with, or the store has failed once.
    void awaitFirstPass() throws InterruptedException {
        firstPass.await();
    }

    /// Gives back the work of a dead worker, as soon as possible.
    void reclaim(DeadWorker worker) {
        lock.lock();
        try {
            dead.add(worker);
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Opens the store once more in the place of the one that is open, whose connections may be dead without a
    /// word.
    ///
    /// @throws BrokerException if it cannot be opened; then nothing is changed
    void reopen() {
        Broker fresh = opener.get();
        Broker left;
        lock.lock();
        try {
            left = closed ? fresh : open;
            open = closed ? open : fresh;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (left != null) {
            // It may wait for calls that hang.
            Thread closer = new Thread(null, left::close, "muster-broker-close", 256 * 1024, false);
            closer.setDaemon(true);
            closer.start();
        }
    }

    /// The store.
    ///
    /// @throws BrokerException if it is not open yet
    Broker opened() {
        Broker broker = open;
        if (broker == null) {
            throw new BrokerException("the task broker is not open yet; this worker keeps trying to open it");
        }
        return broker;
    }

    /// The store, null if it is not open yet.
    @Nullable
    Broker ifOpened() {
        return open;
    }

    /// Waits until the store is open, for at most so long; [#wake()] ends it too.
    void awaitOpen(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long seen = wakes;
            long left = StopRequest.saturatedNanos(wait);
            while (left > 0 && open == null && !closed && wakes == seen) {
                left = change.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            wakes++;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the thread and closes the store.
    void close() {
        Broker broker;
        lock.lock();
        try {
            closed = true;
            broker = open;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private void serve() {
        try {
            while (true) {
                DeadWorker next = open == null ? null : nextDead();
                try {
                    if (open == null) {
                        doing = OPENING;
                        opened(opener.get());
                    } else if (isClosed()) {
                        return;
                    } else if (next == null) {
                        renew(opened());
                    } else {
                        doing = "cannot give back the work of the dead worker " + next.incarnation();
                        reclaims.reclaimed(next.incarnation(), LostClaims.reclaim(opened(), next, policy));
                    }
                    recovered();
                } catch (RuntimeException | ServiceConfigurationError | LinkageError e) {
                    if (next != null) {
                        reclaim(next);
                    }
                    failed(e);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            firstPass.countDown();
        }
    }

    private void opened(Broker broker) {
        renewAt = System.nanoTime();
        lock.lock();
        try {
            if (!closed && open == null) {
                open = broker;
                change.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        broker.close();
    }

    /// Waits for work; null when the broker was closed, or the lease must be renewed.
    private @Nullable DeadWorker nextDead() throws InterruptedException {
        boolean renews = node != null || opened().shared();
        lock.lock();
        try {
            while (!closed) {
                long left = hurried ? 0 : renews ? renewAt - System.nanoTime() : Long.MAX_VALUE;
                if (left <= 0 || !dead.isEmpty()) {
                    return left <= 0 ? null : dead.poll();
                }
                firstPass.countDown();
                long _ = change.awaitNanos(left);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void renew(Broker broker) {
        boolean patient = wasAway;
        if (broker.shared()) {
            renewLease(broker);
        }
        if (node != null) {
            doing = "cannot tell other nodes that this one lives";
            var _ = broker.coordination().lease(node.lease(), node.name(), node.note(), Node.TERM);
        }
        renewAt = System.nanoTime() + (broker.shared() ? RENEWAL_NANOS : PRESENCE_NANOS);
        wasAway = false;
        if (broker.shared() && !patient) {
            doing = "cannot give back the work of those whose leases have run out";
            report(
                    LostClaims.reclaim(broker, LostClaims.lapsed(broker), LAPSED, policy),
                    "workers whose node is gone: their leases ran out");
        } else if (!broker.shared()) {
            doing = "cannot give back the work of those whose master was killed";
            report(killedMasters.look(broker), "workers whose master was killed");
        }
    }

    private void renewLease(Broker broker) {
        doing = "cannot renew the lease of this worker, which starts nothing once that has run out";
        LeaseTerm next = LeaseTerm.fromNow(LEASE, wall);
        broker.renew(owner, LEASE);
        tenure = Tenure.renewed(tenure, next);
        lock.lock();
        try {
            hurried = false;
        } finally {
            lock.unlock();
        }
    }

    /// Whether what this worker claims next is surely its own: of a shared store, while its lease stands. If not,
    /// it is renewed at once.
    boolean mayClaim() {
        Broker broker = open;
        Tenure last = tenure;
        if (broker == null || !broker.shared() || last != null && last.term().stands()) {
            return true;
        }
        lock.lock();
        try {
            hurried = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        return false;
    }

    /// Whether what was claimed is surely still its own: of a shared store, if the lease has stood since then.
    ///
    /// @param claimedAt see [Tenure#covers]
    boolean holds(long claimedAt) {
        Broker broker = open;
        Tenure last = tenure;
        return mayClaim() && (broker == null || !broker.shared() || last != null && last.covers(claimedAt));
    }

    private static void report(ReclaimReport report, String whose) {
        int tasks = report.requeued() + report.dead();
        if (tasks > 0) {
            System.getLogger("dev.muster.worker").log(Level.WARNING, "gave back " + tasks + " tasks of " + whose);
        }
    }

    private void failed(Throwable failure) throws InterruptedException {
        wasAway = true;
        if (pauseNanos == 0) {
            pauseNanos = FIRST_PAUSE_NANOS;
            System.getLogger("dev.muster.worker")
                    .log(Level.ERROR, doing + ", and tries again every 50 ms to 2 s: " + failure.getMessage(), failure);
        } else {
            pauseNanos = Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS);
        }
        firstPass.countDown();
        lock.lock();
        try {
            long left = pauseNanos;
            while (left > 0 && !closed) {
                left = change.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void recovered() {
        if (pauseNanos != 0) {
            pauseNanos = 0;
            System.getLogger("dev.muster.worker").log(Level.INFO, "the task broker works again");
        }
    }
}
