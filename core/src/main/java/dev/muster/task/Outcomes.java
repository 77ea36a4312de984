package dev.muster.task;

import dev.muster.task.Broker.Outcome;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Outcomes that are not stored yet, with the marks that stand for them. Held in memory while the broker is down.
///
/// A finished mark says that an outcome waits: its process is not killed for another task until that is stored. One
/// says it for all that are older, so as many may wait as there are claims, and not only as many as there are marks.
///
/// **Threads:** safe for use by many threads; one at a time stores. `storing` is taken before `lock`, never the other
/// way. **Failure:** outcomes that are here when the process dies are lost, and their tasks run again.
final class Outcomes {
    private static final System.Logger LOG = System.getLogger("dev.muster.task");
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(2);

    private final Broker broker;
    private final StartMarks marks;
    private final ReentrantLock storing = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gaveUp = lock.newCondition();
    private final List<Finished> waiting = new ArrayList<>();
    /// The youngest whose mark is finished.
    private @Nullable Finished marked;

    private boolean givingUp;
    private long giveUpAt;

    // Of the present outage; guarded by `storing`.
    private long downSince;
    private long pause;

    Outcomes(Broker broker, StartMarks marks) {
        this.broker = broker;
        this.marks = marks;
    }

    private static final class Finished {
        final Outcome outcome;
        final boolean stands;
        final long since = System.nanoTime();
        /// -1 if there is none, or none any more; guarded by `lock`.
        int mark;

        Finished(Outcome outcome, int mark, boolean stands) {
            this.outcome = outcome;
            this.mark = mark;
            this.stands = stands;
        }
    }

    /// @param mark that is finished, or -1 if there is none
    /// @param stands whether the mark still stands as started, until the outcome is stored
    void add(Outcome outcome, int mark, boolean stands) {
        if (mark >= 0 && stands) {
            // Its work is over: however long the broker is away, nobody is to be killed for it.
            marks.limit(mark, 0);
        }
        int freed = -1;
        lock.lock();
        try {
            Finished next = new Finished(outcome, mark, stands);
            waiting.add(next);
            if (mark >= 0 && !stands) {
                freed = marked == null ? -1 : takeMark(marked);
                marked = next;
            }
        } finally {
            lock.unlock();
        }
        if (freed >= 0) {
            marks.settled(freed);
        }
    }

    private int takeMark(Finished finished) {
        int mark = finished.mark;
        finished.mark = -1;
        if (finished == marked) {
            marked = null;
        }
        return mark;
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /// Whether an outcome has waited for so long.
    boolean waitingFor(long nanos) {
        lock.lock();
        try {
            return !waiting.isEmpty() && System.nanoTime() - waiting.getFirst().since >= nanos;
        } finally {
            lock.unlock();
        }
    }

    /// From now on [#store()] tries only for so long.
    void giveUpAfter(long nanos) {
        lock.lock();
        try {
            givingUp = true;
            giveUpAt = System.nanoTime() + nanos;
            gaveUp.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Stores everything, waiting for a broker that is down.
    ///
    /// @return false if it was given up; what is left stays here
    boolean store() {
        return storeUntil(0);
    }

    /// As [#store()], for at most so long.
    boolean store(long nanos) {
        return storeUntil(System.nanoTime() + nanos | 1);
    }

    private boolean storeUntil(long until) {
        storing.lock();
        try {
            while (!storeOnce()) {
                if (!pauseUntil(until)) {
                    return false;
                }
            }
            return true;
        } finally {
            storing.unlock();
        }
    }

    /// @return false if the broker is down
    private boolean storeOnce() {
        for (List<Finished> batch = snapshot(); !batch.isEmpty(); batch = snapshot()) {
            if (!store(batch)) {
                return false;
            }
        }
        return true;
    }

    private boolean store(List<Finished> batch) {
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Finished finished : batch) {
            outcomes.add(finished.outcome);
        }
        List<Outcome> stale;
        try {
            stale = broker.settle(outcomes);
        } catch (BrokerException e) {
            down(batch.size(), e);
            return false;
        }
        up(batch.size());
        for (Outcome outcome : stale) {
            LOG.log(
                    Level.WARNING,
                    "the outcome " + outcome.getClass().getSimpleName() + " of task "
                            + outcome.claim().id()
                            + " came too late: another worker has the task by now, or it is finished");
        }
        lock.lock();
        try {
            waiting.subList(0, batch.size()).clear();
        } finally {
            lock.unlock();
        }
        for (Finished finished : batch) {
            settled(finished);
        }
        return true;
    }

    /// Whether a task that ended so counts as failed.
    static boolean failed(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _, Outcome.Snooze _ -> false;
            case Outcome.Retry _, Outcome.Dead _ -> true;
        };
    }

    private void settled(Finished finished) {
        int mark;
        lock.lock();
        try {
            mark = takeMark(finished);
        } finally {
            lock.unlock();
        }
        if (mark >= 0) {
            if (finished.stands) {
                marks.finished(mark, failed(finished.outcome));
            }
            marks.settled(mark);
        }
    }

    private List<Finished> snapshot() {
        lock.lock();
        try {
            return List.copyOf(waiting);
        } finally {
            lock.unlock();
        }
    }

    private void down(int count, BrokerException e) {
        if (pause == 0) {
            downSince = System.nanoTime();
            pause = FIRST_PAUSE;
            LOG.log(
                    Level.ERROR,
                    "cannot store the outcomes of " + count + " tasks: " + e.getMessage()
                            + "; holding them, taking no new task, and trying again every 50 ms to 2 s",
                    e);
        } else {
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    private void up(int count) {
        if (pause != 0) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - downSince);
            LOG.log(Level.INFO, "stored the outcomes of " + count + " tasks after " + millis + " ms; working again");
            pause = 0;
        }
    }

    /// Waits before the next try.
    ///
    /// @param until instant after which there is none, 0 for never
    /// @return false if there is to be none
    private boolean pauseUntil(long until) {
        lock.lock();
        try {
            long start = System.nanoTime();
            long left = pause;
            while (left > 0) {
                long _ = gaveUp.awaitNanos(bounded(left, until));
                left = pause - (System.nanoTime() - start);
                if (bounded(1, until) <= 0) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private long bounded(long nanos, long until) {
        long now = System.nanoTime();
        long bound = until == 0 ? nanos : Math.min(nanos, until - now);
        return givingUp ? Math.min(bound, giveUpAt - now) : bound;
    }
}
