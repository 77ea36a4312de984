package dev.muster.worker;

import dev.muster.Scope;
import dev.muster.config.Settings;
import dev.muster.scan.Declaration;
import dev.muster.task.Broker;
import dev.muster.task.Brokers;
import dev.muster.task.Coordination.Lease;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The lease under which a user process of the scope CLUSTER works: whoever has it runs, on whatever node.
///
/// It is renewed three times in its term. A process that could not renew it leaves before it runs out, and is cut off
/// if it does not: when the store gives the lease to another node, nothing runs here any more. What is left is what
/// clocks cannot see: a process that was frozen in the middle of a run, and thawed after its term, may go on for the
/// few milliseconds until its guard has ended it. Whoever must rule that out fences his writes by [#token()].
///
/// **Threads:** safe for use by many threads; a renewing thread and a guard of its own, platform threads both, so that
/// user code that starves others does not keep it. **Lifetime:** that of the process. **Failure:** a store that is
/// down or hangs is a lease that cannot be renewed.
final class ClusterLease implements RunPermit {
    /// So long a lease is held without being renewed.
    static final Duration TERM = Duration.ofSeconds(15);

    private static final System.Logger LOG = System.getLogger("dev.muster.worker");
    private static final long RENEWAL = TimeUnit.SECONDS.toNanos(5);
    private static final long WAITING = TimeUnit.SECONDS.toNanos(2);
    /// So long before its end a run under way is told to leave, and then cut off.
    private static final long LEAVE_BEFORE = TimeUnit.SECONDS.toNanos(4);
    private static final long CUT_BEFORE = TimeUnit.SECONDS.toNanos(1);

    private static final long GLANCE = TimeUnit.MILLISECONDS.toNanos(200);

    private final Supplier<Broker> opener;
    private final Supplier<String> process;
    private final Node node;
    private final Consumer<@Nullable String> says;
    private final BooleanSupplier over;
    private final Consumer<String> leave;
    private final Runnable cutOff;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private volatile String name = "";
    // All guarded by `lock`.
    private boolean wanted;
    private boolean held;
    private boolean running;
    private boolean closed;
    private boolean leaving;
    /// As the store gave it last; of no use before the first.
    private @Nullable Lease lease;
    private @Nullable LeaseTerm term;
    // Of the renewing thread.
    private String lastHolder = "";
    private boolean down;

    /// @param opener gives the store, the same one each time, or throws
    /// @param process its name, with its number if there are several; asked when it takes up its work
    /// @param node that this process belongs to
    /// @param says for people what the process waits for, null if it works
    /// @param over whether the process is to take up no more work
    /// @param leave ends the process in an orderly way, on a thread of its own; gets the reason
    /// @param cutOff ends the process at once
    ClusterLease(
            Supplier<Broker> opener,
            Supplier<String> process,
            Node node,
            Consumer<@Nullable String> says,
            BooleanSupplier over,
            Consumer<String> leave,
            Runnable cutOff) {
        this.opener = opener;
        this.process = process;
        this.node = node;
        this.says = says;
        this.over = over;
        this.leave = leave;
        this.cutOff = cutOff;
    }

    /// What a process needs before its runs; ends its waits when it is stopped or paused.
    ///
    /// @param leave ends the process in an orderly way, on a thread of its own; gets the reason
    /// @param cutOff ends the process at once
    static RunPermit of(Child child, Declaration.User user, Consumer<String> leave, Runnable cutOff) {
        if (user.scope() == Scope.NODE) {
            return ALWAYS;
        }
        Settings settings = Settings.of(child.welcome().settings());
        OneBroker store = new OneBroker(() -> Brokers.open(settings));
        ClusterLease lease = new ClusterLease(
                store::get,
                child.duty()::name,
                Node.of(settings.appName(), child.server().masterPid()),
                child.slot()::text,
                () -> child.stop().asked() || child.duty().paused(),
                leave,
                cutOff);
        child.stop().onStop(lease::wake);
        child.duty().listen(lease::wake, lease::wake);
        child.departure().closing(store::close);
        child.departure().closing(lease::close);
        return lease;
    }

    /// Ends the waits of the moment; to be called when `over` may have changed.
    void wake() {
        lock.lock();
        try {
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!wanted) {
                wanted = true;
                // Its number is the same on nodes that keep different numbers of it.
                String own = process.get();
                name = "process/" + node.app() + "/" + (own.indexOf('#') < 0 ? own + "#1" : own);
                start("muster-lease", this::renew);
                start("muster-lease-guard", this::guard);
            }
            while (!valid() && !over.getAsBoolean()) {
                change.await();
            }
            return valid();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean begin() {
        lock.lock();
        try {
            running = valid();
            change.signalAll();
            return running;
        } finally {
            lock.unlock();
        }
    }

    /// Whether a run could begin now.
    boolean stands() {
        lock.lock();
        try {
            return valid();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            running = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long token() {
        lock.lock();
        try {
            return lease == null ? 0 : lease.token();
        } finally {
            lock.unlock();
        }
    }

    /// Gives the lease up. Not while a run is under way, which a process that ends for another reason does not wait
    /// for: then nothing is renewed any more, nobody else has the lease before its term is over, and the guard
    /// stands until then.
    @Override
    public void close() {
        @Nullable Lease release;
        lock.lock();
        try {
            release = held && !running ? lease : null;
            held = held && running;
            closed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (release != null) {
            try {
                opener.get().coordination().release(release);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "cannot release the lease of " + name + "; it runs out by itself", e);
            }
        }
    }

    /// Whether another run may begin: with enough of the term left that it need not be told to leave at once.
    private boolean valid() {
        return !closed && left() > LEAVE_BEFORE;
    }

    private long left() {
        return held && term != null ? term.leftNanos() : 0;
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 512 * 1024, false);
        thread.setDaemon(true);
        thread.start();
    }

    private void renew() {
        while (!isClosed()) {
            LeaseTerm next = LeaseTerm.fromNow(TERM);
            try {
                Optional<Lease> answer = opener.get().coordination().lease(name, node.name(), node.note(), TERM);
                if (down) {
                    down = false;
                    LOG.log(Level.INFO, "the store answers again to " + name);
                }
                answer.ifPresentOrElse(its -> taken(its, next), this::refused);
            } catch (RuntimeException | LinkageError e) {
                if (!down) {
                    down = true;
                    LOG.log(Level.WARNING, "cannot take or renew the lease of " + name + "; trying again", e);
                }
            }
            sleep(isHeld() && !down ? RENEWAL : WAITING);
        }
    }

    private void taken(Lease taken, LeaseTerm until) {
        boolean fresh;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (running && lease != null && lease.token() != taken.token()) {
                // The term ran out under it, unseen: the process was frozen. What it writes under its old token is
                // refused, and somebody else may have been at work meanwhile.
                cutOff.run();
                return;
            }
            fresh = !held;
            held = true;
            lease = taken;
            term = until;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (fresh) {
            LOG.log(Level.INFO, name + " works on this node from now on, under the token " + taken.token());
            lastHolder = "";
            says.accept(null);
        }
    }

    private void refused() {
        lock.lock();
        try {
            held = false;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        String holder = opener.get().coordination().leases(name).stream()
                .filter(lease -> lease.name().equals(name))
                .map(Lease::holder)
                .findFirst()
                .orElse("");
        if (!holder.isEmpty() && !holder.equals(lastHolder)) {
            lastHolder = holder;
            LOG.log(Level.INFO, name + " works on the node " + holder + "; this one stands by");
            says.accept("stands by: it works on the node " + holder);
        }
    }

    /// Sees to it that no run outlives the term.
    private void guard() {
        while (true) {
            String reason = null;
            lock.lock();
            try {
                if (closed && !running) {
                    return;
                }
                long left = left();
                if (running && left <= CUT_BEFORE) {
                    cutOff.run();
                    return;
                }
                if (running && left <= LEAVE_BEFORE && !leaving && !closed) {
                    leaving = true;
                    reason = "could not renew the lease of " + name + " in time; another node may take over";
                } else {
                    watch();
                }
            } catch (InterruptedException _) {
                // Nobody has a reason to; looked at anew.
            } finally {
                lock.unlock();
            }
            if (reason != null) {
                String why = reason;
                start("muster-lease-leave", () -> leave.accept(why));
            }
        }
    }

    /// Waits until there may be something to guard against: short enough to notice that the machine was suspended,
    /// or its clock was set.
    // The loop is in the caller.
    @SuppressWarnings("WaitNotInLoop")
    private void watch() throws InterruptedException {
        if (running) {
            long _ = change.awaitNanos(GLANCE);
        } else {
            change.await();
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

    private boolean isHeld() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    private void sleep(long nanos) {
        lock.lock();
        try {
            long end = System.nanoTime() + nanos;
            long left = nanos;
            while (left > 0 && !closed) {
                long _ = change.awaitNanos(left);
                left = end - System.nanoTime();
            }
        } catch (InterruptedException _) {
            // Nobody has a reason to; the renewal comes early.
        } finally {
            lock.unlock();
        }
    }
}
