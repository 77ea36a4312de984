package dev.muster.task;

import dev.muster.task.Broker.Claim;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The claims of one worker on its queues, with a broker that may be down: then there is nothing to claim, and waiting
/// takes as long as the next try should wait.
///
/// **Threads:** safe for use by many threads.
final class Intake {
    private static final System.Logger LOG = System.getLogger("dev.muster.task");
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(2);
    private static final long AT_ONCE = TimeUnit.MILLISECONDS.toNanos(10);

    /// A store that shows tasks and hands out none, for whatever reason, must not be asked without a pause. Others
    /// that are quicker cannot be the reason so often.
    private static final int MOST_VAIN = 20;

    private static final long VAIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Broker broker;
    private final QueueOrder queues;
    private final String label;
    private final String owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    // Guarded by `lock`; 0 while the broker is up.
    private long pause;
    private long downSince;
    private boolean awake;
    /// Waits in a row that ended at once although nothing could be claimed then.
    private int vain;
    private long answeredAt = System.nanoTime();
    private long taken;

    Intake(Broker broker, QueueOrder queues, String owner) {
        this.broker = broker;
        this.queues = queues;
        this.label = queues.names().size() == 1
                ? "the queue " + queues.names().getFirst()
                : "the queues " + String.join(", ", queues.names());
        this.owner = owner;
    }

    List<Claim> claim(int max) {
        try {
            List<Claim> claims = List.of();
            for (String queue : queues.next()) {
                claims = broker.claim(queue, owner, max);
                if (!claims.isEmpty()) {
                    break;
                }
            }
            answered(claims.size());
            return claims;
        } catch (BrokerException e) {
            down(e);
            return List.of();
        }
    }

    /// Whether a claimed task may be started: it is surely still ours, and if it may be started only once, the
    /// store will not forget that it was handed out.
    boolean mayStart(Claim claim, boolean once) {
        if (!broker.holds(claim)) {
            LOG.log(
                    Level.WARNING,
                    "task " + claim.id() + " of " + label + " is not started: this worker stood still for longer than"
                            + " its lease, and another one may have the task");
            return false;
        }
        try {
            return !once || broker.secure(claim);
        } catch (BrokerException e) {
            down(e);
            return false;
        }
    }

    /// Waits until there may be something to claim.
    void await(Duration wait) throws InterruptedException {
        long left;
        lock.lock();
        try {
            left = Math.min(Math.max(pause, vain < MOST_VAIN ? 0 : VAIN_PAUSE), wait.toNanos());
            long end = System.nanoTime() + left;
            while (left > 0 && !awake) {
                long _ = woken.awaitNanos(left);
                left = end - System.nanoTime();
            }
            if (pause > 0 || awake) {
                return;
            }
        } finally {
            lock.unlock();
        }
        long start = System.nanoTime();
        try {
            broker.await(queues.names(), wait);
            waited(System.nanoTime() - start);
        } catch (BrokerException e) {
            down(e);
        }
    }

    private void waited(long nanos) {
        lock.lock();
        try {
            vain = nanos < AT_ONCE ? vain + 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    /// Ends every [#await(Duration)], now and in future.
    void wake() {
        lock.lock();
        try {
            awake = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            broker.wake();
        } catch (BrokerException e) {
            LOG.log(Level.WARNING, "cannot wake the waiting workers; they see the stop within 5 seconds", e);
        }
    }

    /// Ends the [#await(Duration)] of this moment.
    void nudge() {
        try {
            broker.wake();
        } catch (BrokerException e) {
            LOG.log(Level.WARNING, "cannot wake the waiting workers; they see it within 5 seconds", e);
        }
    }

    /// Gives back; when the broker is down the claims stay with this incarnation, and are given back before it
    /// claims again, or when it has ended.
    void giveBack(List<Claim> claims) {
        if (claims.isEmpty()) {
            return;
        }
        try {
            broker.giveBack(claims);
        } catch (BrokerException e) {
            LOG.log(
                    Level.WARNING,
                    "cannot give back " + claims.size() + " tasks of " + label
                            + "; it is done before this worker claims again, or by others when it has ended",
                    e);
        }
    }

    /// How the worker stands.
    Standing standing(boolean idle) {
        lock.lock();
        try {
            return new Standing(idle, answeredAt, taken);
        } finally {
            lock.unlock();
        }
    }

    private void answered(int claims) {
        lock.lock();
        try {
            answeredAt = System.nanoTime();
            taken += claims;
            vain = claims > 0 ? 0 : vain;
            if (pause > 0) {
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - downSince);
                LOG.log(Level.INFO, label + " can be read again after " + millis + " ms");
                pause = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    private void down(BrokerException e) {
        lock.lock();
        try {
            if (pause > 0) {
                pause = Math.min(pause * 2, LONGEST_PAUSE);
                return;
            }
            pause = FIRST_PAUSE;
            downSince = System.nanoTime();
        } finally {
            lock.unlock();
        }
        LOG.log(
                Level.ERROR,
                "cannot take tasks from " + label + ": " + e.getMessage() + "; trying again every 50 ms to 2 s",
                e);
    }
}
