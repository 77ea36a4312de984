package dev.muster.task;

import dev.muster.PoolTask;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A task in the hands of a hand-written hook. Its outcome is stored at once; its mark stands as started until then.
/// Who cancels it only lets it know: what an interrupt would break, or whether one would reach the work, the hook alone
/// knows.
///
/// **Threads:** may be ended by any thread, once.
final class HeldTask implements PoolTask, Cancellable {
    /// So long the hook waits for a broker that is down before it goes on; the outcome is then stored before the
    /// next task is taken.
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Claim claim;
    private final TaskMessage message;
    private final TaskRunner runner;
    private final Outcomes outcomes;
    private final int mark;
    private final Cancellations cancellations;
    private final long began = System.currentTimeMillis();
    private final long start = System.nanoTime();
    // Guarded by `this`.
    private boolean ended;
    private boolean cancelled;

    HeldTask(
            Claim claim,
            TaskMessage message,
            TaskRunner runner,
            Outcomes outcomes,
            int mark,
            Cancellations cancellations) {
        this.claim = claim;
        this.message = message;
        this.runner = runner;
        this.outcomes = outcomes;
        this.mark = mark;
        this.cancellations = cancellations;
    }

    synchronized boolean ended() {
        return ended;
    }

    @Override
    public boolean runsFor(long nanos) {
        return System.nanoTime() - start >= nanos;
    }

    @Override
    public boolean interrupts() {
        return false;
    }

    @Override
    public synchronized @Nullable List<Runnable> cancel(Runnable first) {
        if (ended || cancelled) {
            return null;
        }
        first.run();
        cancelled = true;
        return List.of();
    }

    @Override
    public synchronized boolean cancelled() {
        return cancelled;
    }

    @Override
    public String id() {
        return claim.id();
    }

    @Override
    public String payload() {
        return claim.payload();
    }

    @Override
    public int attempt() {
        return claim.attempts() + 1;
    }

    @Override
    public long token() {
        return claim.token();
    }

    @Override
    public void done() {
        end(new Outcome.Done(claim));
    }

    @Override
    public void retry() {
        end(runner.retry(claim, message, null, began));
    }

    @Override
    public void retry(Duration delay) {
        end(runner.retry(claim, message, RetryException.legal(delay), began));
    }

    @Override
    public void snooze(Duration delay) {
        end(new Outcome.Snooze(claim, RetryException.legal(delay), "by its hook"));
    }

    @Override
    public void dead(String reason) {
        end(new Outcome.Dead(claim, DeadReason.BURIED, reason));
    }

    private void end(Outcome outcome) {
        synchronized (this) {
            if (ended) {
                throw new IllegalStateException("the task " + claim.id() + " was ended before; a task is ended once");
            }
            // From here on nobody gives its mark a deadline.
            ended = true;
        }
        cancellations.end(this);
        outcomes.add(outcome, mark, true);
        boolean _ = outcomes.store(PATIENCE);
    }
}
